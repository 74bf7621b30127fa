// Sentences with tags and with a label: what is promised of the small languages, and the baselines.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "examples/tasks/best_guess.h"
#include "examples/tasks/naive_bayes.h"
#include "examples/tasks/patterns.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

struct Seen {
  std::vector<std::string> words, answers;
};

std::vector<Seen> seen_in(const Task& task, const Batch& batch) {
  std::vector<Seen> all;
  for (Index row = 0; row < batch.size(); ++row) {
    Seen seen;
    for (Index t = 0; t < batch.lengths[row]; ++t) {
      seen.words.push_back(task.input_at(batch, row, t));
      if (task.is_asked(batch.targets.values[row * batch.targets.shape[1] + t]))
        seen.answers.push_back(task.answer_at(batch, row, t));
    }
    all.push_back(seen);
  }
  return all;
}

std::vector<Seen> drawn(const Task& task, Split split, Index count) {
  Rng rng(7);
  return seen_in(task, task.batch(count, split, rng));
}

TEST(Patterns, ListTheLanguageWithItsProbabilities) {
  const Patterns language({{"N", {"cat", "dog"}}, {"V", {"runs", "sits", "eats"}}},
                          {"the N V", "stop"});
  const auto all = language.all();
  ASSERT_EQ(all.size(), 7u);
  double sum = 0;
  std::map<std::string, int> count;
  for (const auto& sentence : all) {
    sum += sentence.probability;
    count[joined(sentence.words)] = 0;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_EQ(all[1].words, (std::vector<std::string>{"the", "cat", "sits"}));
  EXPECT_NEAR(all[1].probability, 1.0 / 12, 1e-12);
  Rng rng(1);
  for (int i = 0; i < 6000; ++i) ++count[joined(language.draw(rng).words)];
  ASSERT_EQ(count.size(), 7u);
  EXPECT_NEAR(count["stop"], 3000, 155);  // 4 standard deviations
  EXPECT_NEAR(count["the dog eats"], 500, 86);
}

TEST(BestGuess, IsTheLikeliestAnswer) {
  BestGuess guess;
  guess.learn("a", 0, 3);
  guess.learn("a", 1, 1);
  guess.learn("b", 1, 4);
  const Baseline bound = guess.bound("bound");
  EXPECT_NEAR(bound.accuracy, 7.0 / 8, 1e-12);
  EXPECT_NEAR(bound.loss, -(3 * std::log(0.75) + std::log(0.25)) / 8, 1e-12);
  // In general: (3 + 1) / 10 and (5 + 1) / 10. Given a: (3 + .4) / 5 and (1 + .6) / 5.
  const Baseline on = guess.on({{"a", 1}, {"new", 1}}, 2, "on");
  EXPECT_NEAR(on.accuracy, 0.5, 1e-12);
  EXPECT_NEAR(on.loss, -(std::log(1.6 / 5) + std::log(0.6)) / 2, 1e-12);
}

TEST(NaiveBayes, IsTheProductOverTheWords) {
  NaiveBayes bags(2);
  bags.learn({"good", "fun"}, 1);
  bags.learn({"bad"}, 0);
  // Three known words: p(good | 1) = 2/5, p(good | 0) = 1/4; both labels equally likely.
  const std::vector<double> logs = bags.log_probabilities({"good", "never-seen"});
  EXPECT_NEAR(std::exp(logs[1]), 0.4 / 0.65, 1e-12);
  EXPECT_NEAR(std::exp(logs[0]), 0.25 / 0.65, 1e-12);
}

TEST(Tags, EverySentenceHasOneTaggingAndOneSplit) {
  const auto task = find_task("tags").make({});
  std::map<std::string, std::vector<std::string>> tagging;
  std::map<std::string, Split> place;
  for (const Split split : {Split::training, Split::validation, Split::test})
    for (const Seen& seen : drawn(*task, split, 4000)) {
      ASSERT_EQ(seen.words.size(), seen.answers.size());
      EXPECT_EQ(seen.answers.back(), "PUNCT");
      EXPECT_LE(static_cast<Index>(seen.words.size()), task->sizes().length);
      const std::string sentence = joined(seen.words);
      EXPECT_EQ(tagging.try_emplace(sentence, seen.answers).first->second, seen.answers)
          << sentence;
      EXPECT_EQ(place.try_emplace(sentence, split).first->second, split) << sentence;
    }
  EXPECT_EQ(tagging["they can fish well ."],
            (std::vector<std::string>{"PRON", "AUX", "VERB", "ADV", "PUNCT"}));
  EXPECT_EQ(tagging["they can light fish ."],
            (std::vector<std::string>{"PRON", "VERB", "ADJ", "NOUN", "PUNCT"}));
}

// The bounds are computed from the list of clauses; here they are counted on many sentences.
TEST(Tags, BoundsAreWhatCountsSay) {
  const auto task = find_task("tags").make({.length = 3});
  BestGuess nothing, word, so_far, all;
  const std::vector<std::string> names = {"ADJ",  "ADV",  "AUX",   "CCONJ", "DET",
                                          "NOUN", "PRON", "PUNCT", "VERB"};
  for (const Seen& seen : drawn(*task, Split::training, 40000)) {
    std::string clause;
    for (std::size_t t = 0; t < seen.words.size(); ++t) {
      const auto tag = static_cast<std::int32_t>(
          std::find(names.begin(), names.end(), seen.answers[t]) - names.begin());
      clause += seen.words[t] + " ";
      nothing.learn("", tag);
      word.learn(seen.words[t], tag);
      so_far.learn(clause, tag);
      if (seen.words[t] == "and") clause.clear();
    }
  }
  const auto baselines = task->baselines();
  ASSERT_EQ(baselines.size(), 3u);
  const BestGuess* counted[] = {&nothing, &word, &so_far};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(counted[i]->bound("").accuracy, baselines[i].accuracy, 0.006) << baselines[i].name;
    EXPECT_NEAR(counted[i]->bound("").loss, baselines[i].loss, 0.015) << baselines[i].name;
  }
}

TEST(Sentiment, TwinsHaveTheSameWordsAndOppositeLabels) {
  const auto task = find_task("sentiment").make({});
  std::map<std::string, std::string> label;
  std::map<std::string, Split> place;
  for (const Split split : {Split::training, Split::validation, Split::test})
    for (const Seen& seen : drawn(*task, split, 6000)) {
      ASSERT_EQ(seen.answers.size(), 1u);
      EXPECT_LE(static_cast<Index>(seen.words.size()), task->sizes().length);
      const std::string all = joined(seen.words);
      const std::size_t remarks = all.rfind("; ");
      const std::string opinion = remarks == std::string::npos ? all : all.substr(remarks + 2);
      EXPECT_EQ(label.try_emplace(opinion, seen.answers[0]).first->second, seen.answers[0]);
      std::vector<std::string> bag = split_at_spaces(opinion);
      std::sort(bag.begin(), bag.end());
      EXPECT_EQ(place.try_emplace(joined(bag), split).first->second, split) << opinion;
    }
  EXPECT_EQ(label["the film was good , the book was not ."], "positive");
  EXPECT_EQ(label["the film was not good , the book was ."], "negative");
  EXPECT_EQ(label["the story was not bad but the film was ."], "negative");
  EXPECT_EQ(label["the story was bad but the film was not ."], "positive");
  EXPECT_EQ(label["the film was bad although the cast was good ."], "negative");
  EXPECT_EQ(label["the film was not dull at all ."], "positive");
}

TEST(Sentiment, ABagOfWordsGetsAboutSixInTen) {
  const auto task = find_task("sentiment").make({});
  const auto baselines = task->baselines();
  ASSERT_EQ(baselines.size(), 2u);
  EXPECT_EQ(baselines[0].accuracy, 0.5);
  // 8 of 10 pairs of patterns are twins, of which a bag gets half; a tenth of the language tests.
  EXPECT_NEAR(baselines[1].accuracy, 0.6, 0.03);
  // Where it fails it is as sure of the one as of the other.
  EXPECT_NEAR(baselines[1].loss, 2 * (1 - baselines[1].accuracy) * std::log(2.0), 1e-9);
  BestGuess bags;
  for (Seen& seen : drawn(*task, Split::test, 10000)) {
    const auto remarks = std::find(seen.words.rbegin(), seen.words.rend(), ";");
    std::sort(remarks.base(), seen.words.end());
    seen.words.erase(seen.words.begin(), remarks.base());
    bags.learn(joined(seen.words), seen.answers[0] == "positive" ? 1 : 0);
  }
  EXPECT_NEAR(bags.bound("").accuracy, baselines[1].accuracy, 0.04);  // few draws flatter a bag
}

TEST(Sentiment, ProbesWithMoreRemarks) {
  const auto task = find_task("sentiment").make({.length = 3});
  ASSERT_EQ(task->probes(), std::vector<std::string>{"9 remarks"});
  Rng rng(1);
  const Batch batch = task->probe(0, 50, rng);
  for (const Seen& seen : seen_in(*task, batch)) {
    EXPECT_EQ(std::count(seen.words.begin(), seen.words.end(), ";"), 9);
    EXPECT_LE(static_cast<Index>(seen.words.size()), task->sizes().length);
  }
}

TEST(WordTasks, ReadTheUsersFiles) {
  std::string columns, texts;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    columns += "a" + n + " X\nthe D\nend Y\n\n";
    texts += (i % 3 ? "good\tGreat film " : "bad\tDull film ") + n + "\n";
  }
  const auto tags = find_task("tags").make({.length = 2, .data = written("a.conll", columns)});
  EXPECT_EQ(tags->sizes().vocabulary, 2);  // <unk>, the: "end" is cut off, a1 stands once
  EXPECT_EQ(tags->sizes().classes, 3);
  for (const Seen& seen : drawn(*tags, Split::test, 5)) {
    EXPECT_EQ(joined(seen.words), "<unk> the");
    EXPECT_EQ(joined(seen.answers), "X D");
  }
  EXPECT_EQ(tags->baselines()[0].accuracy, 0.5);
  const auto labels = find_task("sentiment").make({.data = written("a.tsv", texts)});
  for (const Seen& seen : drawn(*labels, Split::validation, 20))
    EXPECT_EQ(seen.answers[0], seen.words[0] == "great" ? "good" : "bad") << joined(seen.words);
  EXPECT_EQ(labels->baselines()[1].accuracy, 1);
}

TEST(WordTasks, RefuseWhatTheyCannotUse) {
  const auto error = [](const std::string& name, const TaskOptions& options) {
    return usage_error_of([&] { find_task(name).make(options); });
  };
  EXPECT_EQ(error("tags", {.length = 21}), "--length: task tags expects 2 to 20, got 21");
  EXPECT_EQ(error("sentiment", {.length = 21}), "--length: task sentiment expects 2 to 20, got 21");
  const std::string one = written("one.conll", "a X\nb Y\n");
  EXPECT_EQ(error("tags", {.data = one}),
            "--data " + one +
                ": expected sentences enough for training, validation and test (8 : 1 : 1), got 1");
  const std::string same = written("same.tsv", "good\ta\ngood\tb\n");
  EXPECT_EQ(error("sentiment", {.data = same}),
            "--data " + same + ": expected at least 2 different answers, got 1");
}

TEST(WordTasks, ShortRunsComeOutTheSame) {
  EXPECT_NEAR(short_run(*find_task("tags").make({}), "attention"), 1.0593, 5e-5);
  EXPECT_NEAR(short_run(*find_task("sentiment").make({}), "rnn"), 0.7343, 5e-5);
}

}  // namespace
}  // namespace rapt::tasks
