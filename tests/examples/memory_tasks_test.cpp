// Tasks that ask what stood earlier: adding, recall, induction, needle.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "examples/tasks/chance.h"
#include "nn/loss.h"
#include "tensor/reduce.h"
#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

TEST(Adding, AsksAtTheEndForTheSumOfOneMarkedNumberOfEachHalf) {
  const auto task = find_task("adding").make({.length = 7});
  Rng rng(1);
  const Batch batch = task->batch(200, Split::training, rng);
  ASSERT_EQ(batch.features.shape(), (Shape{200, 7, 2}));
  std::set<Index> marked;
  for (Index b = 0; b < 200; ++b) {
    double sum = 0, marks_in_front = 0, marks_behind = 0;
    for (Index t = 0; t < 7; ++t) {
      const double number = batch.features.at({b, t, 0}), mark = batch.features.at({b, t, 1});
      EXPECT_TRUE(number >= 0 && number <= 1) << number;
      EXPECT_TRUE(mark == 0 || mark == 1) << mark;
      (t < 3 ? marks_in_front : marks_behind) += mark;
      sum += mark * number;
      if (mark == 1) marked.insert(t);
      EXPECT_EQ(task->is_asked(batch.targets.values[b * 7 + t]), t == 6);
    }
    EXPECT_EQ(marks_in_front, 1);
    EXPECT_EQ(marks_behind, 1);
    EXPECT_NEAR(batch.values.at({b, 6}), sum, 1e-6);
  }
  EXPECT_EQ(marked.size(), 7u) << "every step is marked at times";
}

TEST(Adding, TheBaselineIsWhatAlwaysSayingOneReaches) {
  const auto task = find_task("adding").make({.length = 2});
  Rng rng(2);
  const Batch batch = task->batch(50'000, Split::test, rng);
  const Tensor ones({50'000, 2, 1}, 1);
  const Baseline baseline = task->baselines()[0];
  EXPECT_NEAR(baseline.loss, 0.16667, 1e-5);
  EXPECT_NEAR(baseline.accuracy, 0.0784, 1e-9);
  EXPECT_NEAR(task->loss(ones, batch).item(), baseline.loss, 3e-3);
  EXPECT_NEAR(task->accuracy(ones, batch), baseline.accuracy, 5e-3);
}

TEST(NumberTask, CountsAskedPositionsOnly) {
  const auto task = find_task("adding").make({.length = 2});
  const Batch batch{.inputs = {},
                    .targets = {{2, 2}, {nn::kIgnored, 0, nn::kIgnored, 0}},
                    .values = Tensor({2, 2}, {9, 1, 9, 0.5})};
  const Tensor outputs({2, 2, 1}, {0, 1.03f, 0, 0.7f});  // errors of 0.03 and 0.2
  EXPECT_NEAR(task->loss(outputs, batch).item(), (0.03 * 0.03 + 0.2 * 0.2) / 2, 1e-6);
  EXPECT_EQ(task->accuracy(outputs, batch), 0.5);
}

TEST(Recall, EveryKeyComesAgainOnceAndAsksForItsValue) {
  const auto task = find_task("recall").make({});
  ASSERT_EQ(task->sizes().length, 32);
  Rng rng(3);
  const Batch batch = task->batch(300, Split::training, rng);
  std::map<Index, Index> asked_at;
  for (Index b = 0; b < 300; ++b) {
    const auto* x = batch.inputs.values.data() + b * 32;
    const auto* y = batch.targets.values.data() + b * 32;
    std::map<std::int32_t, std::int32_t> value_of;
    std::set<std::int32_t> values;
    for (Index i = 0; i < 8; i += 2) {
      EXPECT_TRUE(x[i] >= 1 && x[i] <= 31 && x[i + 1] >= 32 && x[i + 1] <= 63);
      value_of[x[i]] = x[i + 1];
      values.insert(x[i + 1]);
    }
    ASSERT_EQ(value_of.size(), 4u) << "keys are distinct";
    ASSERT_EQ(values.size(), 4u) << "values are distinct";
    for (Index t = 8; t < 32; ++t) {
      if (x[t] == 0) {
        EXPECT_EQ(y[t], nn::kIgnored);
        continue;
      }
      EXPECT_EQ(t % 2, 0);
      ++asked_at[t];
      ASSERT_TRUE(value_of.count(x[t])) << "key " << x[t];
      EXPECT_EQ(y[t], value_of[x[t]]);
      value_of.erase(x[t]);
    }
    EXPECT_TRUE(value_of.empty()) << "all keys are asked";
  }
  ASSERT_EQ(asked_at.size(), 12u);
  for (const auto& [t, count] : asked_at) EXPECT_NEAR(count, 100, 35) << "position " << t;
}

TEST(Recall, KnowingTheValuesIsRightOnceInD) {
  const auto four = find_task("recall").make({})->baselines();
  EXPECT_NEAR(four[0].accuracy, 1.0 / 32, 1e-12);
  EXPECT_NEAR(four[1].loss, std::log(4.0), 1e-12);
  EXPECT_EQ(four[1].accuracy, 0.25);
  const auto eight = find_task("recall").make({.length = 8});
  EXPECT_EQ(eight->baselines()[1].accuracy, 0.125);
  EXPECT_EQ(eight->sizes().length, 64);
}

void expect_induction(const Batch& batch, Index length) {
  ASSERT_EQ(batch.inputs.shape[1], length);
  for (Index b = 0; b < batch.size(); ++b) {
    const auto* x = batch.inputs.values.data() + b * length;
    const auto* y = batch.targets.values.data() + b * length;
    const auto* first = std::find(x, x + length, 0);
    EXPECT_EQ(std::count(x, x + length, 0), 2);
    EXPECT_EQ(x[length - 1], 0);
    EXPECT_EQ(y[length - 1], first[1]);
    EXPECT_EQ(std::count(y, y + length, nn::kIgnored), length - 1);
  }
}

TEST(Induction, AsksWhatFollowedTheTriggerAtEveryLength) {
  const auto task = find_task("induction").make({});
  Rng rng(4);
  expect_induction(task->batch(100, Split::training, rng), 32);
  EXPECT_EQ(task->probes(), (std::vector<std::string>{"T=32", "T=64", "T=128"}));
  for (std::size_t i = 0; i < 3; ++i) expect_induction(task->probe(i, 20, rng), 32 << i);
}

TEST(Induction, TheBagOfTokensReachesWhatItsBaselineSays) {
  const auto task = find_task("induction").make({});
  Rng rng(5);
  const Index count = 5000;
  const Batch batch = task->batch(count, Split::test, rng);
  double loss = 0, right = 0;
  for (Index b = 0; b < count; ++b) {
    std::vector<double> share(16, 0.0);
    for (Index t = 0; t < 32; ++t) share[batch.inputs.values[b * 32 + t]] += 1.0 / 30;
    share[0] = 0;  // the trigger
    const std::int32_t answer = batch.targets.values[b * 32 + 31];
    loss -= std::log(share[answer]) / count;
    right += std::max_element(share.begin(), share.end()) - share.begin() == answer ? 1 : 0;
  }
  EXPECT_NEAR(task->baselines()[0].accuracy, 1.0 / 15, 1e-12);
  EXPECT_NEAR(task->baselines()[1].loss, loss, 0.02);
  EXPECT_NEAR(task->baselines()[1].accuracy, right / count, 0.02);
}

// The sequence as it is shown: "3", or "[3]" where the mark is.
void expect_needle(const Task& task, const Batch& batch, Index length) {
  ASSERT_EQ(batch.features.shape(), (Shape{batch.size(), length, 9}));
  for (Index b = 0; b < batch.size(); ++b) {
    std::vector<std::string> marked;
    for (Index t = 0; t < length; ++t) {
      Scalar symbols = 0;
      for (Index s = 0; s < 8; ++s) symbols += batch.features.at({b, t, s});
      EXPECT_EQ(symbols, 1) << "one-hot";
      const std::string shown = task.input_at(batch, b, t);
      if (shown[0] == '[') marked.push_back(shown);
      EXPECT_EQ(task.is_asked(batch.targets.values[b * length + t]), t == length - 1);
    }
    ASSERT_EQ(marked.size(), 1u);
    EXPECT_EQ(marked[0], message("[", task.answer_at(batch, b, length - 1), "]"));
  }
}

TEST(Needle, AsksForTheMarkedSymbolAtEveryLength) {
  const auto task = find_task("needle").make({});
  Rng rng(6);
  const Batch batch = task->batch(300, Split::training, rng);
  expect_needle(*task, batch, 20);
  EXPECT_EQ(task->probes(), (std::vector<std::string>{"T=20", "T=40", "T=80"}));
  EXPECT_EQ(task->sizes().length, 80);
  for (std::size_t i = 0; i < 3; ++i) expect_needle(*task, task->probe(i, 20, rng), 20 << i);
  std::set<Index> places;
  for (Index b = 0; b < 300; ++b)
    for (Index t = 0; t < 20; ++t)
      if (batch.features.at({b, t, 8}) == 1) places.insert(t);
  EXPECT_EQ(places.size(), 20u) << "every step is marked at times";
}

TEST(Needle, IsShownWithItsMark) {
  const auto task = find_task("needle").make({.length = 4});
  Rng rng(8);
  EXPECT_EQ(sample(*task, task->batch(1, Split::test, rng), 0), "6 6 7 [5]  >  5");
}

// All that the mean over the steps holds: how often each symbol came, and a mark that says nothing.
TEST(Needle, TheMeanOfTheStepsReachesWhatItsBaselineSays) {
  const auto task = find_task("needle").make({});
  Rng rng(7);
  const Index count = 5000;
  const Batch batch = task->batch(count, Split::test, rng);
  const Tensor counts = sum(batch.features, 1);  // [B, 9]
  double loss = 0, right = 0;
  for (Index b = 0; b < count; ++b) {
    const std::int32_t answer = batch.targets.values[b * 20 + 19];
    EXPECT_EQ(counts.at({b, 8}), 1);
    Index likeliest = 0;
    for (Index s = 0; s < 8; ++s)
      if (counts.at({b, s}) > counts.at({b, likeliest})) likeliest = s;
    loss -= std::log(counts.at({b, answer}) / 20) / count;
    right += likeliest == answer ? 1 : 0;
  }
  EXPECT_NEAR(task->baselines()[0].accuracy, 1.0 / 8, 1e-12);
  EXPECT_NEAR(task->baselines()[1].loss, loss, 0.02);
  EXPECT_NEAR(task->baselines()[1].accuracy, right / count, 0.02);
}

TEST(Chance, AgreesWithCountingByHand) {
  EXPECT_NEAR(binomial(4, 2, 0.5), 6.0 / 16, 1e-12);
  EXPECT_NEAR(binomial(3, 0, 0.2), 0.512, 1e-12);
  EXPECT_NEAR(binomial(3, 3, 1), 1, 1e-12);
  // Three coins: alike with chance 1/4, else two against one.
  const Baseline coins = knowing_counts("coins", 3, 2);
  EXPECT_NEAR(coins.accuracy, (1 + 3 * 2.0 / 3) / 4, 1e-12);
  EXPECT_NEAR(coins.loss, 0.75 * (std::log(3.0) - 2.0 / 3 * std::log(2.0)), 1e-12);
}

TEST(MemoryTasks, RefuseLengthsBeyondTheirLimits) {
  const auto error_of = [](const std::string& name, Index length) {
    return usage_error_of([&] { find_task(name).make({.length = length}); });
  };
  EXPECT_EQ(error_of("adding", 1001), "--length: task adding expects 2 to 1000, got 1001");
  EXPECT_EQ(error_of("recall", 17), "--length: task recall expects 2 to 16, got 17");
  EXPECT_EQ(error_of("induction", 3), "--length: task induction expects 4 to 64, got 3");
  EXPECT_EQ(error_of("needle", 201), "--length: task needle expects 2 to 200, got 201");
}

TEST(MemoryTasks, AreLearntAlikeOnEveryMachine) {
  const auto loss_of = [](const std::string& name, const std::string& model) {
    return short_run(*find_task(name).make({}), model);
  };
  EXPECT_NEAR(loss_of("adding", "attention"), 0.0708, 1e-4);
  EXPECT_NEAR(loss_of("recall", "attention"), 3.4982, 1e-4);
  EXPECT_NEAR(loss_of("induction", "rnn"), 2.8576, 1e-4);
  EXPECT_NEAR(loss_of("needle", "pool"), 2.0740, 1e-4);
}

}  // namespace
}  // namespace rapt::tasks
