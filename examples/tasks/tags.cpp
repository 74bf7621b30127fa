// Tags: the part of speech of every word. The sentences come from a small grammar whose words do
// double duty: "can", "fish", "watch", "old" are tagged by what stands around them. (It knows tags,
// not sense: fish may light the old will.)
//
//   the old  watch the light .         the old watch saw  the light .
//   DET NOUN VERB  DET NOUN  PUNCT     DET ADJ NOUN  VERB DET NOUN  PUNCT
//   they can fish daily .              they can  light fish .
//   PRON AUX VERB ADV   PUNCT          PRON VERB ADJ   NOUN PUNCT
//
// All words together always decide: no clause of the grammar has two taggings. The words up to here
// often do not ("the old watch", "they can"). Three bounds are computed from the list of all
// clauses: the best guess with no word at all, with each word by itself, and with the words so far.
// Whoever reads only forward stays below the last, on average over all sentences, whatever it
// learns; who reads both ways can reach 100 %. Expected: attention and a bidirectional RNN do, a
// forward one stops at the bound.
//
// --length N: a sentence has 1 to N clauses (2). With --data FILE, a file of token and tag columns
// (data::read_conll): sentences longer than --length words (40) are cut there, words that stand
// once in the training part count as unknown, and the baselines are counts of that part.
#include <algorithm>

#include "examples/data/conll.h"
#include "examples/tasks/best_guess.h"
#include "examples/tasks/options.h"
#include "examples/tasks/patterns.h"
#include "examples/tasks/split.h"
#include "examples/tasks/word_task.h"

namespace rapt::tasks {
namespace {

// A list is named after the tag of its words; what follows a point only tells two lists apart.
const Patterns& clauses() {
  static const Patterns all(
      {{"DET", {"our", "the"}},
       {"PRON", {"they", "we"}},
       {"AUX", {"can", "will"}},
       {"ADV", {"daily", "fast", "well"}},
       {"ADJ", {"light", "old"}},
       {"NOUN", {"can", "fish", "light", "man", "saw", "watch", "will"}},
       {"NOUN.people", {"fish", "light", "old", "watch"}},
       {"VERB", {"can", "fish", "light", "saw", "watch", "will"}}},
      {"DET NOUN AUX VERB", "NOUN AUX VERB ADV", "PRON AUX VERB ADV", "PRON VERB DET NOUN",
       "PRON VERB ADJ NOUN", "DET NOUN.people VERB DET NOUN", "DET ADJ NOUN.people VERB DET NOUN",
       "NOUN.people VERB ADV", "VERB DET NOUN", "VERB ADJ NOUN"});
  return all;
}

// What joins clauses, and what ends the sentence, say by themselves what they are.
const std::string kJoint = "and", kEndMark = ".";
enum Tag : std::int32_t { adj, adv, aux, cconj, det, noun, pron, punct, verb };
const std::vector<std::string> kTags = {"ADJ",  "ADV",  "AUX",   "CCONJ", "DET",
                                        "NOUN", "PRON", "PUNCT", "VERB"};

std::vector<std::int32_t> tags_of(const Patterns::Sentence& clause) {
  std::vector<std::int32_t> tags;
  for (const std::string& slot : clauses().slots(clause.pattern)) {
    const auto tag = std::find(kTags.begin(), kTags.end(), slot.substr(0, slot.find('.')));
    tags.push_back(static_cast<std::int32_t>(tag - kTags.begin()));
  }
  return tags;
}

std::vector<std::string> all_words() {
  std::vector<std::string> words = clauses().words();
  words.insert(words.end(), {kJoint, kEndMark});
  return words;
}

class GrammarTags : public WordTask {
 public:
  explicit GrammarTags(Index most_clauses)
      : WordTask(data::Vocabulary(all_words()), kTags, 7 * most_clauses),
        most_clauses_(most_clauses) {}

  Defaults defaults() const override {
    return {1000, 32, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    BestGuess nothing, word, so_far;
    const auto learn = [&](const std::string& now, const std::string& before, std::int32_t tag,
                           double weight) {
      nothing.learn("", tag, weight);
      word.learn(now, tag, weight);
      so_far.learn(before + now, tag, weight);
    };
    const double count = (1.0 + static_cast<double>(most_clauses_)) / 2;  // of clauses, on average
    for (const Patterns::Sentence& clause : clauses().all()) {
      const std::vector<std::int32_t> tags = tags_of(clause);
      std::string before;
      for (std::size_t t = 0; t < tags.size(); ++t) {
        learn(clause.words[t], before, tags[t], count * clause.probability);
        before += clause.words[t] + " ";
      }
    }
    learn(kJoint, "", cconj, count - 1);
    learn(kEndMark, "", punct, 1);
    return {nothing.bound("guessing"), word.bound("each word alone"),
            so_far.bound("the words so far")};
  }

 protected:
  Labelled draw(Split split, Rng& rng) const override {
    Labelled sentence;
    do {
      sentence = {};
      const Index count = 1 + rng.below(most_clauses_);
      for (Index i = 0; i < count; ++i) {
        const Patterns::Sentence clause = clauses().draw(rng);
        const std::vector<std::int32_t> tags = tags_of(clause);
        sentence.words.insert(sentence.words.end(), clause.words.begin(), clause.words.end());
        sentence.answers.insert(sentence.answers.end(), tags.begin(), tags.end());
        sentence.words.push_back(i + 1 < count ? kJoint : kEndMark);
        sentence.answers.push_back(i + 1 < count ? cconj : punct);
      }
    } while (split_of(joined(sentence.words)) != split);
    return sentence;
  }

 private:
  Index most_clauses_;
};

class CorpusTags : public CorpusTask {
 public:
  using CorpusTask::CorpusTask;

  Defaults defaults() const override {
    return {1000, 32, {.dim = 64, .heads = 4, .feed_forward = 128, .layers = 2}};
  }
  std::vector<Baseline> baselines() const override {
    BestGuess nothing, word;
    for (const Labelled& sentence : part(Split::training))
      for (std::size_t t = 0; t < sentence.words.size(); ++t) {
        nothing.learn("", sentence.answers[t]);
        word.learn(sentence.words[t], sentence.answers[t]);
      }
    BestGuess::Observed test;
    for (const Labelled& sentence : part(Split::test))
      for (std::size_t t = 0; t < sentence.words.size(); ++t)
        test.emplace_back(sentence.words[t], sentence.answers[t]);
    const Index tags = sizes().classes;
    return {nothing.on(test, tags, "guessing"), word.on(test, tags, "most frequent tag")};
  }
};

std::unique_ptr<Task> make(const TaskOptions& options) {
  if (options.data.empty())
    return std::make_unique<GrammarTags>(length_of(options, "tags", 2, 2, 20));
  const Index longest = length_of(options, "tags", 40, 2, 1000);
  std::vector<Named> sentences;
  for (data::TaggedSentence& sentence : data::read_conll(options.data))
    sentences.push_back({std::move(sentence.words), std::move(sentence.tags)});
  return std::make_unique<CorpusTags>(corpus_of(sentences, longest, options.data), longest);
}

const bool registered =
    register_task({"tags", "part of speech of every word (--data FILE of token and tag columns)",
                   Form::tags, make, true});

}  // namespace
}  // namespace rapt::tasks
