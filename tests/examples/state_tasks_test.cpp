// Tasks whose answer at the end is a state that many symbols shaped: parity, cycle, agreement.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "nn/loss.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

// What the symbols of one row say, by a formula instead of a walk.
Index end_of(const Task& task, const Batch& batch, Index row, bool parity) {
  std::map<std::string, Index> count;
  for (Index t = 0; t < batch.inputs.shape[1]; ++t) ++count[task.input_at(batch, row, t)];
  return parity ? count["1"] % 2 : ((count["+"] - count["-"]) % 5 + 5) % 5;
}

void expect_right_answers(const Task& task, const Batch& batch, bool parity) {
  const Index length = batch.inputs.shape[1];
  for (Index b = 0; b < batch.size(); ++b) {
    const auto* y = batch.targets.values.data() + b * length;
    EXPECT_EQ(y[length - 1], end_of(task, batch, b, parity));
    EXPECT_EQ(std::count(y, y + length, nn::kIgnored), length - 1) << "only the end is asked";
  }
}

TEST(Walks, EndWhereCountingSays) {
  for (const char* name : {"parity", "cycle"}) {
    const auto task = find_task(name).make({});
    Rng rng(1);
    std::set<Index> lengths;
    for (int i = 0; i < 200; ++i) {
      const Batch batch = task->batch(4, Split::training, rng);
      lengths.insert(batch.inputs.shape[1]);
      expect_right_answers(*task, batch, task->sizes().classes == 2);
    }
    EXPECT_EQ(lengths.size(), 20u) << name;
    EXPECT_EQ(*lengths.begin(), 1) << name;
    EXPECT_EQ(*lengths.rbegin(), 20) << name;
  }
}

TEST(Walks, ProbesAreLonger) {
  const Index expected[] = {10, 20, 40, 100, 200};
  for (const char* name : {"parity", "cycle"}) {
    const auto task = find_task(name).make({});
    EXPECT_EQ(task->probes(), (std::vector<std::string>{"T=10", "T=20", "T=40", "T=100", "T=200"}));
    EXPECT_EQ(task->sizes().length, 200);
    Rng rng(2);
    for (std::size_t i = 0; i < 5; ++i) {
      const Batch batch = task->probe(i, 3, rng);
      EXPECT_EQ(batch.inputs.shape[1], expected[i]);
      expect_right_answers(*task, batch, task->sizes().classes == 2);
    }
  }
}

TEST(Walks, BaselinesAgreeWithAllWalksOfUpToSixSteps) {
  double loss = 0, accuracy = 0;
  for (int length = 1, walks = 3; length <= 6; ++length, walks *= 3) {
    std::map<int, double> ends;
    for (int walk = 0; walk < walks; ++walk) {
      int place = 0;
      for (int t = 0, moves = walk; t < length; ++t, moves /= 3) place += moves % 3 - 1;
      ends[(place + 10) % 5] += 1.0 / walks;
    }
    double best = 0;
    for (const auto& [place, chance] : ends) {
      best = std::max(best, chance);
      loss -= chance * std::log(chance) / 6;
    }
    accuracy += best / 6;
  }
  const auto cycle = find_task("cycle").make({.length = 6})->baselines();
  ASSERT_EQ(cycle.size(), 2u);
  EXPECT_EQ(cycle[0].accuracy, 0.2);
  EXPECT_NEAR(cycle[1].loss, loss, 1e-9);
  EXPECT_NEAR(cycle[1].accuracy, accuracy, 1e-9);
  EXPECT_EQ(find_task("parity").make({})->baselines().size(), 1u)
      << "the length says nothing of a parity";
}

const std::set<std::string> kPlurals = {
    "men",    "women",  "children", "people", "mice",     "geese", "oxen",  "wolves",
    "knives", "cities", "boxes",    "keys",   "cabinets", "trees", "boats", "teachers"};
const std::set<std::string> kSingulars = {"man",     "woman", "child", "person", "mouse", "goose",
                                          "ox",      "wolf",  "knife", "city",   "box",   "key",
                                          "cabinet", "tree",  "boat",  "teacher"};
const std::set<std::string> kPrepositions = {"near", "behind", "beside", "under", "above", "with"};

// A sentence as a grammarian reads it: the subject is the noun without a preposition.
struct Parsed {
  std::string text, first_word;
  Index nouns = 0, plurals = 0, subjects = 0, attractors = 0;
  bool plural = false, subject_is_first = false;
  std::string answer;
};

Parsed parsed(const Task& task, const Batch& batch, Index row) {
  Parsed p;
  std::vector<bool> others;
  bool behind_preposition = false;
  const Index length = batch.lengths[row], width = batch.targets.shape[1];
  for (Index t = 0; t < length; ++t) {
    const std::string word = task.input_at(batch, row, t);
    if (t == 0) p.first_word = word;
    p.text += word + " ";
    if (kPrepositions.count(word)) behind_preposition = true;
    const bool plural = kPlurals.count(word) > 0;
    if (!plural && !kSingulars.count(word)) continue;
    ++p.nouns;
    p.plurals += plural ? 1 : 0;
    if (behind_preposition) {
      others.push_back(plural);
    } else {
      p.plural = plural;
      p.subject_is_first = p.nouns == 1;
      ++p.subjects;
    }
    behind_preposition = false;
  }
  p.attractors = std::count(others.begin(), others.end(), !p.plural);
  for (Index t = 0; t < width; ++t) {
    const std::int32_t target = batch.targets.values[row * width + t];
    EXPECT_EQ(target != nn::kIgnored, t == length - 1) << p.text;
    if (target != nn::kIgnored) p.answer = task.answer(target);
  }
  return p;
}

std::vector<Parsed> parsed(const Task& task, const Batch& batch) {
  std::vector<Parsed> all;
  for (Index b = 0; b < batch.size(); ++b) all.push_back(parsed(task, batch, b));
  return all;
}

TEST(Agreement, TheVerbFollowsTheNounWithoutAPreposition) {
  for (const char* name : {"agreement", "agreement-inside"}) {
    const bool inside = std::string(name) == "agreement-inside";
    const auto task = find_task(name).make({});
    Rng rng(3);
    std::map<Index, double> phrases;
    double others = 0, attractors = 0;
    for (const Parsed& p : parsed(*task, task->batch(4000, Split::training, rng))) {
      ASSERT_EQ(p.subjects, 1) << p.text;
      EXPECT_EQ(p.answer, p.plural ? "are" : "is") << p.text;
      EXPECT_EQ(p.subject_is_first, !inside) << p.text;
      phrases[p.nouns - 1] += 1.0 / 4000;
      others += p.nouns - 1;
      attractors += p.attractors;
    }
    EXPECT_EQ(phrases.size(), inside ? 4u : 5u);
    for (const auto& [count, share] : phrases) EXPECT_NEAR(share, inside ? 0.25 : 0.2, 0.03);
    EXPECT_NEAR(attractors / others, 0.2, 0.02);
  }
}

TEST(Agreement, ProbesHaveExactlySoManyAttractors) {
  for (const char* name : {"agreement", "agreement-inside"}) {
    const auto task = find_task(name).make({});
    ASSERT_EQ(task->probes(),
              (std::vector<std::string>{"0 attractors", "1 attractor", "2 attractors",
                                        "3 attractors", "4 attractors"}));
    Rng rng(4);
    for (std::size_t i = 0; i < 5; ++i)
      for (const Parsed& p : parsed(*task, task->probe(i, 50, rng))) {
        EXPECT_EQ(p.nouns, 5) << p.text;
        EXPECT_EQ(p.attractors, static_cast<Index>(i)) << p.text;
        EXPECT_EQ(p.answer, p.plural ? "are" : "is") << p.text;
      }
  }
}

TEST(Agreement, NoSentenceIsInTwoSplits) {
  const auto task = find_task("agreement").make({});
  Rng rng(5);
  std::set<std::string> trained;
  for (const Parsed& p : parsed(*task, task->batch(5000, Split::training, rng)))
    trained.insert(p.text);
  for (const Split split : {Split::validation, Split::test})
    for (const Parsed& p : parsed(*task, task->batch(1000, split, rng)))
      EXPECT_FALSE(trained.count(p.text)) << p.text;
}

// From counts: how often a bag with so many nouns and plurals belonged to a plural subject.
TEST(Agreement, TheBagOfWordsReachesWhatItsBaselineSaysAndFailsAtThreeAttractors) {
  for (const char* name : {"agreement", "agreement-inside"}) {
    const auto task = find_task(name).make({});
    Rng rng(6);
    using Bag = std::pair<Index, Index>;
    std::map<Bag, std::map<std::string, double>> given;
    const double count = 10'000;
    for (const Parsed& p : parsed(*task, task->batch(10'000, Split::training, rng)))
      given[{p.nouns, p.plurals}][p.answer] += 1 / count;
    double loss = 0, accuracy = 0;
    for (const auto& [bag, answers] : given) {
      double all = 0, best = 0;
      for (const auto& [answer, chance] : answers) {
        all += chance;
        best = std::max(best, chance);
      }
      for (const auto& [answer, chance] : answers) loss -= chance * std::log(chance / all);
      accuracy += best;
    }
    EXPECT_NEAR(task->baselines()[1].loss, loss, 0.015) << name;
    EXPECT_NEAR(task->baselines()[1].accuracy, accuracy, 0.01) << name;

    for (std::size_t attractors = 0; attractors < 5; ++attractors)
      for (const Parsed& p : parsed(*task, task->probe(attractors, 20, rng))) {
        auto& answers = given[{p.nouns, p.plurals}];
        const std::string wrong = p.answer == "is" ? "are" : "is";
        EXPECT_EQ(answers[wrong] > answers[p.answer], attractors > 2) << p.text;
      }
  }
}

TEST(StateTasks, RefuseLengthsBeyondTheirLimits) {
  const auto error_of = [](const std::string& name, Index length) {
    return usage_error_of([&] { find_task(name).make({.length = length}); });
  };
  EXPECT_EQ(error_of("parity", 41), "--length: task parity expects 2 to 40, got 41");
  EXPECT_EQ(error_of("cycle", 1), "--length: task cycle expects 2 to 40, got 1");
  EXPECT_EQ(error_of("agreement", 9), "--length: task agreement expects none, got 9");
  EXPECT_EQ(error_of("agreement-inside", 9), "--length: task agreement-inside expects none, got 9");
}

TEST(StateTasks, AreLearntAlikeOnEveryMachine) {
  const auto loss_of = [](const std::string& name, const std::string& model) {
    return short_run(*find_task(name).make({}), model);
  };
  EXPECT_NEAR(loss_of("parity", "rnn"), 0.7532, 1e-4);
  EXPECT_NEAR(loss_of("cycle", "attention"), 1.6372, 1e-4);
  EXPECT_NEAR(loss_of("agreement", "attention"), 0.5542, 1e-4);
  EXPECT_NEAR(loss_of("agreement-inside", "rnn"), 0.5257, 1e-4);
}

}  // namespace
}  // namespace rapt::tasks
