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
// What is expected: the published fact is the shape, errors that rise with the attractors. They
// rise for a tanh RNN, whose state later nouns disturb, little for a gated network, and hardly for
// attention, which can look at the subject directly; inside, it must first find it.
#include <algorithm>
#include <cmath>

#include "examples/tasks/chance.h"
#include "examples/tasks/options.h"
#include "examples/tasks/split.h"

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

class Agreement : public Task {
 public:
  explicit Agreement(bool inside) : inside_(inside), words_{"the"} {
    for (const Noun& noun : kNouns) words_.insert(words_.end(), {noun.singular, noun.plural});
    words_.insert(words_.end(), std::begin(kAdjectives), std::end(kAdjectives));
    words_.insert(words_.end(), std::begin(kPrepositions), std::end(kPrepositions));
  }

  Sizes sizes() const override {
    return {static_cast<Index>(words_.size()), 2, 3 + 4 * kPhrases, true};
  }
  Defaults defaults() const override {
    return {800, 64, {.dim = 32, .heads = 2, .feed_forward = 64, .layers = inside_ ? 2 : 1}};
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

  Batch batch(Index size, Split split, Rng& rng) const override {
    return drawn(size, split, rng, [&] {
      const Index phrases = fewest() + rng.below(kPhrases - fewest() + 1);
      std::vector<bool> differs;
      for (Index i = 0; i < phrases; ++i) differs.push_back(rng.chance(kDiffers));
      return differs;
    });
  }
  std::vector<std::string> probes() const override {
    std::vector<std::string> names;
    for (Index n = 0; n <= kPhrases; ++n)
      names.push_back(message(n, n == 1 ? " attractor" : " attractors"));
    return names;
  }
  Batch probe(std::size_t which, Index size, Rng& rng) const override {
    return drawn(size, Split::test, rng, [&] {
      std::vector<bool> differs;
      for (const Index place : permutation(kPhrases, rng))
        differs.push_back(place < static_cast<Index>(which));
      return differs;
    });
  }

  std::string symbol(std::int32_t id) const override { return words_[id]; }
  std::string answer(std::int32_t id) const override { return id == kIs ? "is" : "are"; }

 private:
  using Words = std::vector<std::int32_t>;

  Index fewest() const { return inside_ ? 1 : 0; }

  std::int32_t id(const std::string& word) const {
    return static_cast<std::int32_t>(std::find(words_.begin(), words_.end(), word) -
                                     words_.begin());
  }

  template <std::size_t N>
  static const char* any(const char* const (&table)[N], Rng& rng) {
    return table[rng.below(N)];
  }

  // "the old keys"
  void add_noun(Words& words, bool plural, Rng& rng) const {
    words.push_back(id("the"));
    if (rng.chance(0.5)) words.push_back(id(any(kAdjectives, rng)));
    const Noun& noun = kNouns[rng.below(std::size(kNouns))];
    words.push_back(id(plural ? noun.plural : noun.singular));
  }

  // One noun phrase for the subject and one for each of `differs`, in number.
  Words sentence(bool plural, const std::vector<bool>& differs, Rng& rng) const {
    const auto phrases = static_cast<Index>(differs.size());
    const Index in_front = inside_ ? 1 + rng.below(phrases) : 0;
    Words words;
    for (Index i = 0; i <= phrases; ++i) {
      if (i == in_front) add_noun(words, plural, rng);
      if (i == phrases) break;
      words.push_back(id(any(kPrepositions, rng)));
      add_noun(words, plural != differs[i], rng);
    }
    return words;
  }

  Split split_of_words(const Words& words) const {
    std::string text;
    for (const std::int32_t word : words) text += symbol(word) + " ";
    return split_of(text);
  }

  // `differs` draws which of the nouns beside the subject differ from it.
  Batch drawn(Index size, Split split, Rng& rng,
              const std::function<std::vector<bool>()>& differs) const {
    Batch batch{.inputs = {{size, sizes().length}, {}}, .targets = {{size, sizes().length}, {}}};
    for (Index b = 0; b < size; ++b) {
      const bool plural = rng.chance(0.5);
      const std::vector<bool> others = differs();
      Words words = sentence(plural, others, rng);
      while (split_of_words(words) != split) words = sentence(plural, others, rng);
      batch.lengths.push_back(static_cast<Index>(words.size()));
      Words targets(words.size(), nn::kIgnored);
      targets.back() = plural ? kAre : kIs;
      words.resize(sizes().length, 0);  // never read: beyond the length
      targets.resize(sizes().length, nn::kIgnored);
      batch.inputs.values.insert(batch.inputs.values.end(), words.begin(), words.end());
      batch.targets.values.insert(batch.targets.values.end(), targets.begin(), targets.end());
    }
    return batch;
  }

  bool inside_;
  std::vector<std::string> words_;  // by id
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
