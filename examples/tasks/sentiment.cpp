// Sentiment: is the film liked? One label for a sentence, asked for at its last word. The sentences
// come in pairs with the same words and opposite labels, because what counts is which word belongs
// to the film, what "not" stands before, and what "but" turns around:
//
//   positive   the film was good , the book was not .
//   negative   the film was not good , the book was .
//   positive   I expected a dull film but it was clever .
//   negative   I expected a clever film but it was dull .
//
// Two more pairs can be told by their words. A bag of words therefore gets a part of all right
// and not one sentence more: for each bag the likelier label, over the list of test sentences (the
// remarks that stand before them have words of their own and are no evidence). Expected: whoever
// knows the order reaches 100 %. The words that matter stand close together, so that an RNN is not
// expected to be worse than attention, and may well learn faster.
//
// --length N: up to N remarks before the sentence (2); the probe has three times as many. With
// --data FILE, a label, a tab and a text on every line (data::read_labelled): texts longer than
// --length words (64) are cut there, and words that stand once in the training part count as
// unknown. Its baselines: the most frequent label, and naive Bayes, the classical bag of words.
#include <algorithm>
#include <cmath>

#include "examples/data/labelled.h"
#include "examples/tasks/best_guess.h"
#include "examples/tasks/naive_bayes.h"
#include "examples/tasks/options.h"
#include "examples/tasks/patterns.h"
#include "examples/tasks/split.h"
#include "examples/tasks/word_task.h"

namespace rapt::tasks {
namespace {

constexpr std::int32_t kNegative = 0, kPositive = 1;

// Even patterns are positive; the odd one behind each is its negative twin.
const Patterns& opinions() {
  static const Patterns all({{"GOOD", {"brilliant", "clever", "funny", "good", "great", "moving"}},
                             {"BAD", {"awful", "bad", "boring", "dull", "poor", "silly"}},
                             {"OTHER", {"book", "cast", "music", "poster", "story"}}},
                            {
                                "the film was GOOD , not BAD .",
                                "the film was BAD , not GOOD .",
                                "I expected a BAD film but it was GOOD .",
                                "I expected a GOOD film but it was BAD .",
                                "the film was GOOD although the OTHER was BAD .",
                                "the film was BAD although the OTHER was GOOD .",
                                "although the OTHER was BAD the film was GOOD .",
                                "although the OTHER was GOOD the film was BAD .",
                                "the film was GOOD , the OTHER was not .",
                                "the film was not GOOD , the OTHER was .",
                                "the film was not BAD , the OTHER was .",
                                "the film was BAD , the OTHER was not .",
                                "the OTHER was BAD but the film was not .",
                                "the OTHER was not BAD but the film was .",
                                "the OTHER was not GOOD but the film was .",
                                "the OTHER was GOOD but the film was not .",
                                "the film was not BAD at all .",
                                "the film was not GOOD at all .",
                                "the film was GOOD .",
                                "the film was BAD .",
                            });
  return all;
}

const std::vector<std::string>& remarks() {
  static const std::vector<std::string> all = {
      "we went with friends ;", "tickets cost ten euros ;",     "rain kept us waiting ;",
      "people sat around me ;", "my sister chose this one ;",   "our seats were far apart ;",
      "popcorn came first ;",   "somebody behind us coughed ;", "on Friday evening ;"};
  return all;
}

std::vector<std::string> all_words() {
  std::vector<std::string> words = opinions().words();
  for (const std::string& remark : remarks())
    for (const std::string& word : split_at_spaces(remark)) words.push_back(word);
  return words;
}

// The words of a sentence, whatever their order.
std::string bag_of(Patterns::Sentence sentence) {
  std::sort(sentence.words.begin(), sentence.words.end());
  return joined(sentence.words);
}

class GrammarSentiment : public WordTask {
 public:
  explicit GrammarSentiment(Index most_remarks)
      : WordTask(data::Vocabulary(all_words()), {"negative", "positive"},
                 10 + 3 * 6 * most_remarks),
        most_remarks_(most_remarks) {}

  Defaults defaults() const override {
    return {1600, 32, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    BestGuess bags;
    for (const Patterns::Sentence& sentence : opinions().all()) {
      const std::string bag = bag_of(sentence);
      if (split_of(bag) == Split::test) bags.learn(bag, label_of(sentence), sentence.probability);
    }
    return {{"guessing", std::log(2.0), 0.5}, bags.bound("bag of words")};
  }

  std::vector<std::string> probes() const override {
    return {message(3 * most_remarks_, " remarks")};
  }
  Batch probe(std::size_t, Index size, Rng& rng) const override {
    std::vector<Labelled> sentences;
    for (Index b = 0; b < size; ++b)
      sentences.push_back(draw_with(3 * most_remarks_, Split::test, rng));
    return batch_of(sentences);
  }

 protected:
  Labelled draw(Split split, Rng& rng) const override {
    const Index count = rng.below(most_remarks_ + 1);
    return draw_with(count, split, rng);
  }

 private:
  static std::int32_t label_of(const Patterns::Sentence& sentence) {
    return sentence.pattern % 2 == 0 ? kPositive : kNegative;
  }

  // Twins are in the same split: who had learnt one by heart would be wrong about the other.
  static Labelled draw_with(Index remark_count, Split split, Rng& rng) {
    std::vector<std::string> words;
    for (Index i = 0; i < remark_count; ++i) {
      const Index remark = rng.below(static_cast<Index>(remarks().size()));
      for (const std::string& word : split_at_spaces(remarks()[static_cast<std::size_t>(remark)]))
        words.push_back(word);
    }
    Patterns::Sentence opinion = opinions().draw(rng);
    while (split_of(bag_of(opinion)) != split) opinion = opinions().draw(rng);
    words.insert(words.end(), opinion.words.begin(), opinion.words.end());
    return {words, {label_of(opinion)}};
  }

  Index most_remarks_;
};

class CorpusSentiment : public CorpusTask {
 public:
  using CorpusTask::CorpusTask;

  Defaults defaults() const override {
    return {1000, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }
  std::vector<Baseline> baselines() const override {
    const Index labels = sizes().classes;
    BestGuess nothing;
    NaiveBayes bags(labels);
    for (const Labelled& text : part(Split::training)) {
      nothing.learn("", text.answers[0]);
      bags.learn(text.words, text.answers[0]);
    }
    BestGuess::Observed test;
    double loss = 0, right = 0;
    for (const Labelled& text : part(Split::test)) {
      const auto label = static_cast<std::size_t>(text.answers[0]);
      test.emplace_back("", text.answers[0]);
      const std::vector<double> logs = bags.log_probabilities(text.words);
      loss -= logs[label];
      right += logs[label] == *std::max_element(logs.begin(), logs.end());
    }
    const auto count = static_cast<double>(test.size());
    return {nothing.on(test, labels, "guessing"), {"naive Bayes", loss / count, right / count}};
  }
};

std::unique_ptr<Task> make(const TaskOptions& options) {
  if (options.data.empty())
    return std::make_unique<GrammarSentiment>(length_of(options, "sentiment", 2, 2, 20));
  const Index longest = length_of(options, "sentiment", 64, 2, 1000);
  std::vector<Named> texts;
  for (data::LabelledText& text : data::read_labelled(options.data))
    texts.push_back({std::move(text.words), {text.label}});
  return std::make_unique<CorpusSentiment>(corpus_of(texts, longest, options.data), longest);
}

const bool registered = register_task(
    {"sentiment", "is the film liked? (--data FILE of label, tab, text)", Form::label, make, true});

}  // namespace
}  // namespace rapt::tasks
