// Agreement (Linzen et al. 2016): "is" or "are"? The verb follows the number of its subject, and
// other nouns stand between: attractors, where their number is the other one.
//
//   agreement         the old key near the cabinets of the men  >  is
//   agreement-inside  behind the wolves the old key near the cabinets  >  is
//
// A subject and 0 .. 4 prepositional phrases; each noun of a phrase differs from the subject in
// number with chance 0.2. In the second task the subject, the noun without a preposition, is not
// the first: 1 .. 4 phrases, one at least in front. The probes have 4 phrases with exactly 0 .. 4
// attractors. Which sentences train and which test is decided by a hash of the sentence.
//
// Guessing is right 1 time in 2. A bag of words knows how many nouns are singular and plural, and
// that the subject's number is mostly the frequent one; its best answers follow from the binomial
// distribution. With 3 attractors or 4 it is always wrong.
//
// What is expected: errors that rise with the attractors, as has been published of all models; the
// curve's shape is the fact, more than who is best. A first noun at a fixed place is easy to keep
// or to find. Inside, a model must tell the subject by the words before it, and the bag of words is
// a trap on the way: right so often that a model may rest there for long, and fail at 3 and 4.
#include <algorithm>
#include <cmath>

#include "examples/tasks/chance.h"
#include "examples/tasks/options.h"
#include "examples/tasks/patterns.h"
#include "examples/tasks/split.h"
#include "examples/tasks/word_task.h"

namespace rapt::tasks {
namespace {

struct Noun {
  const char *singular, *plural;
};
constexpr Noun kNouns[] = {
    {"man", "men"},          {"woman", "women"}, {"child", "children"}, {"person", "people"},
    {"mouse", "mice"},       {"goose", "geese"}, {"ox", "oxen"},        {"wolf", "wolves"},
    {"knife", "knives"},     {"city", "cities"}, {"box", "boxes"},      {"key", "keys"},
    {"cabinet", "cabinets"}, {"tree", "trees"},  {"boat", "boats"},     {"teacher", "teachers"}};
constexpr const char* kAdjectives[] = {"old", "small", "red", "quiet", "tall", "dark"};
constexpr const char* kPrepositions[] = {"near", "behind", "beside", "under", "above", "with"};
constexpr Index kPhrases = 4;
constexpr double kDiffers = 0.2;
constexpr std::int32_t kIs = 0, kAre = 1;

std::vector<std::string> all_words() {
  std::vector<std::string> words = {"the"};
  for (const Noun& noun : kNouns) words.insert(words.end(), {noun.singular, noun.plural});
  words.insert(words.end(), std::begin(kAdjectives), std::end(kAdjectives));
  words.insert(words.end(), std::begin(kPrepositions), std::end(kPrepositions));
  return words;
}

template <std::size_t N>
const char* any(const char* const (&table)[N], Rng& rng) {
  return table[rng.below(N)];
}

// "the old keys"
void add_noun(std::vector<std::string>& words, bool plural, Rng& rng) {
  words.push_back("the");
  if (rng.chance(0.5)) words.push_back(any(kAdjectives, rng));
  const Noun& noun = kNouns[rng.below(std::size(kNouns))];
  words.push_back(plural ? noun.plural : noun.singular);
}

class Agreement : public WordTask {
 public:
  explicit Agreement(bool inside)
      : WordTask(data::Vocabulary(all_words()), {"is", "are"}, 3 + 4 * kPhrases), inside_(inside) {}

  Sizes sizes() const override {
    Sizes sizes = WordTask::sizes();
    sizes.causal = true;  // only the end is asked, which has seen all
    return sizes;
  }
  Defaults defaults() const override {
    return {inside_ ? 1600 : 600,
            64,
            {.dim = 32, .heads = 2, .feed_forward = 64, .layers = inside_ ? 2 : 1}};
  }

  std::vector<Baseline> baselines() const override {
    Baseline bag{"a bag of words", 0, 0};
    for (Index phrases = fewest(); phrases <= kPhrases; ++phrases)
      for (Index singular = 0; singular <= phrases + 1; ++singular) {
        const Index plural = phrases + 1 - singular;  // one of all these nouns is the subject
        const double is = singular > 0 ? binomial(phrases, plural, kDiffers) / 2 : 0;
        const double are = plural > 0 ? binomial(phrases, singular, kDiffers) / 2 : 0;
        for (const double answer : {is, are})
          if (answer > 0) bag.loss -= answer * std::log(answer / (is + are));
        bag.accuracy += std::max(is, are);
      }
    const auto counts = static_cast<double>(kPhrases - fewest() + 1);
    return {guessing(2), {bag.name, bag.loss / counts, bag.accuracy / counts}};
  }

  std::vector<std::string> probes() const override {
    std::vector<std::string> names;
    for (Index n = 0; n <= kPhrases; ++n)
      names.push_back(message(n, n == 1 ? " attractor" : " attractors"));
    return names;
  }
  Batch probe(std::size_t which, Index size, Rng& rng) const override {
    std::vector<Labelled> sentences;
    for (Index b = 0; b < size; ++b) {
      std::vector<bool> differs;
      for (const Index place : permutation(kPhrases, rng))
        differs.push_back(place < static_cast<Index>(which));
      sentences.push_back(sentence(differs, Split::test, rng));
    }
    return batch_of(sentences);
  }

 protected:
  Labelled draw(Split split, Rng& rng) const override {
    const Index phrases = fewest() + rng.below(kPhrases - fewest() + 1);
    std::vector<bool> differs;
    for (Index i = 0; i < phrases; ++i) differs.push_back(rng.chance(kDiffers));
    return sentence(differs, split, rng);
  }

 private:
  Index fewest() const { return inside_ ? 1 : 0; }  // phrases

  // A noun for the subject, and one for each of `differs`: whether in number from the subject.
  Labelled sentence(const std::vector<bool>& differs, Split split, Rng& rng) const {
    const auto phrases = static_cast<Index>(differs.size());
    for (;;) {
      const bool plural = rng.chance(0.5);
      const Index in_front = inside_ ? 1 + rng.below(phrases) : 0;
      std::vector<std::string> words;
      for (Index i = 0; i <= phrases; ++i) {
        if (i == in_front) add_noun(words, plural, rng);
        if (i == phrases) break;
        words.push_back(any(kPrepositions, rng));
        add_noun(words, plural != differs[i], rng);
      }
      if (split_of(joined(words)) == split) return {words, {plural ? kAre : kIs}};
    }
  }

  bool inside_;
};

template <bool inside>
std::unique_ptr<Task> make(const TaskOptions& options) {
  expect_no_length(options, inside ? "agreement-inside" : "agreement");
  return std::make_unique<Agreement>(inside);
}

const bool registered =
    register_task(
        {"agreement", "is or are? nouns between subject and verb", Form::label, make<false>}) &&
    register_task({"agreement-inside", "the same, the subject is not the first noun", Form::label,
                   make<true>});

}  // namespace
}  // namespace rapt::tasks
