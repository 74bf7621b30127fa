// Tasks on sets: sort, odd one out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

TEST(Sort, AnswersAreTheDigitsInOrder) {
  const auto task = find_task("sort").make({.length = 9});
  Rng rng(1);
  const Batch batch = task->batch(50, Split::training, rng);
  for (Index b = 0; b < 50; ++b) {
    std::vector<std::int32_t> counted;  // a counting sort
    for (std::int32_t digit = 0; digit < 10; ++digit)
      for (Index t = 0; t < 9; ++t)
        if (batch.inputs.values[b * 9 + t] == digit) counted.push_back(digit);
    const auto row = batch.targets.values.begin() + b * 9;
    EXPECT_EQ(counted, std::vector<std::int32_t>(row, row + 9)) << "sequence " << b;
  }
}

TEST(Sort, BaselinesOfTwoDigitsAreThoseOfAllPairs) {
  const auto baselines = find_task("sort").make({.length = 2})->baselines();
  // Alike in 10 of 100 pairs, else one of two.
  EXPECT_NEAR(baselines[1].accuracy, 0.1 + 0.9 / 2, 1e-9);
  EXPECT_NEAR(baselines[1].loss, 0.9 * std::log(2.0), 1e-9);
  std::map<int, double> smaller;
  for (int a = 0; a < 10; ++a)
    for (int b = 0; b < 10; ++b) smaller[std::min(a, b)] += 0.01;
  double loss = 0;
  for (const auto& [digit, chance] : smaller) loss -= chance * std::log(chance);
  EXPECT_NEAR(baselines[2].accuracy, smaller[0], 1e-9);
  EXPECT_NEAR(baselines[2].loss, loss, 1e-9) << "that of the larger is the same, mirrored";
}

TEST(Sort, BaselinesOfSixteenDigitsAgreeWithSamples) {
  const auto task = find_task("sort").make({});
  const auto baselines = task->baselines();
  Rng rng(2);
  const Index count = 5000;
  const Batch batch = task->batch(count, Split::test, rng);
  std::map<Index, std::map<std::int32_t, double>> at;
  double most_frequent = 0;
  for (Index b = 0; b < count; ++b) {
    std::map<std::int32_t, double> counts;
    for (Index t = 0; t < 16; ++t) {
      const std::int32_t digit = batch.targets.values[b * 16 + t];
      at[t][digit] += 1.0 / count;
      counts[digit] += 1;
    }
    double largest = 0;
    for (const auto& [digit, n] : counts) largest = std::max(largest, n);
    most_frequent += largest / 16 / count;
  }
  double likeliest = 0, entropy = 0;
  for (const auto& [t, chances] : at) {
    double best = 0;
    for (const auto& [digit, chance] : chances) {
      best = std::max(best, chance);
      entropy -= chance * std::log(chance) / 16;
    }
    likeliest += best / 16;
  }
  EXPECT_NEAR(baselines[1].accuracy, most_frequent, 5e-3);
  EXPECT_NEAR(baselines[2].accuracy, likeliest, 1e-2);
  EXPECT_NEAR(baselines[2].loss, entropy, 1e-2);
}

TEST(OddOneOut, NineVectorsAreOfOneClassAndOneIsNot) {
  const auto task = find_task("odd-one-out").make({});
  Rng rng(3);
  const Index count = 400;
  const Batch batch = task->batch(count, Split::training, rng);
  std::map<Index, Index> odd_at;
  double near_the_common = 0;
  for (Index b = 0; b < count; ++b) {
    const auto row = batch.targets.values.begin() + b * 10;
    ASSERT_EQ(std::count(row, row + 10, 1), 1);
    const Index odd = std::find(row, row + 10, 1) - row;
    ++odd_at[odd];
    std::map<std::string, Index> shown;
    for (Index t = 0; t < 10; ++t)
      if (t != odd) ++shown[task->input_at(batch, b, t)];
    Index most = 0;
    for (const auto& [letter, n] : shown) most = std::max(most, n);
    near_the_common += static_cast<double>(most) / 9 / count;
  }
  EXPECT_EQ(odd_at.size(), 10u);
  EXPECT_GT(near_the_common, 0.7) << "the noise leaves most vectors nearest to their class";
}

// The vector farthest from the mean of its set: a guess that knows no classes.
double accuracy_of_the_farthest(const Task& task, const Batch& batch) {
  Tensor scores({batch.size(), 10, 2});
  for (Index b = 0; b < batch.size(); ++b)
    for (Index f = 0; f < 8; ++f) {
      double mean = 0;
      for (Index t = 0; t < 10; ++t) mean += batch.features.at({b, t, f}) / 10;
      for (Index t = 0; t < 10; ++t) {
        const double away = batch.features.at({b, t, f}) - mean;
        scores.data()[(b * 10 + t) * 2 + 1] += static_cast<Scalar>(away * away);
      }
    }
  return task.accuracy(scores, batch);
}

TEST(OddOneOut, NothingIsBetterThanToKnowTheClasses) {
  const auto task = find_task("odd-one-out").make({});
  Rng rng(4);
  const Batch batch = task->batch(2000, Split::test, rng);
  const auto baselines = task->baselines();
  EXPECT_NEAR(baselines[0].loss, 0.32508, 1e-5);
  EXPECT_EQ(baselines[0].accuracy, 0.1);
  const double farthest = accuracy_of_the_farthest(*task, batch);
  EXPECT_GT(farthest, 0.5);
  EXPECT_LT(farthest, baselines[1].accuracy);
  EXPECT_LT(baselines[1].loss, baselines[0].loss);
}

TEST(OddOneOut, AccuracyIsThatOfTheHighestScoreOfASet) {
  const auto task = find_task("odd-one-out").make({});
  Batch batch{.inputs = {}, .targets = {{2, 10}, std::vector<std::int32_t>(20, 0)}};
  batch.targets.values[3] = batch.targets.values[10 + 7] = 1;
  Tensor outputs({2, 10, 2});
  outputs.data()[3 * 2 + 1] = -1;  // "odd" at -1 against -4: the highest difference
  outputs.data()[3 * 2] = -4;
  outputs.data()[(10 + 6) * 2 + 1] = 2;  // a wrong one
  outputs.data()[(10 + 7) * 2 + 1] = 1;
  EXPECT_EQ(task->accuracy(outputs, batch), 0.5);
}

// The same set in another order.
Batch reordered(const Batch& batch, const std::vector<Index>& order) {
  Batch other = batch;
  other.features = copy(batch.features);
  for (Index t = 0; t < 10; ++t)
    for (Index f = 0; f < 8; ++f)
      other.features.data()[t * 8 + f] = batch.features.at({0, order[t], f});
  return other;
}

TEST(OddOneOut, AttentionWithoutPositionsAnswersInAnyOrderAlikeAndTheRnnDoesNot) {
  const auto task = find_task("odd-one-out").make({});
  Rng rng(5);
  const Batch batch = task->batch(1, Split::test, rng);
  const std::vector<Index> order = permutation(10, rng);
  const auto largest_difference = [&](const std::string& name, nn::PositionKind positions) {
    Rng draws(1);
    const models::ModelSpec spec =
        models::spec_of(task->sizes(), task->defaults().encoder, positions);
    const auto model = models::find_model(name).make(spec, 0, draws);
    const Tensor before = (*model)(batch).logits.value();
    const Tensor after = (*model)(reordered(batch, order)).logits.value();
    double largest = 0;
    for (Index t = 0; t < 10; ++t)
      for (Index c = 0; c < 2; ++c)
        largest =
            std::max(largest, std::abs(double(after.at({0, t, c})) - before.at({0, order[t], c})));
    return largest;
  };
  EXPECT_LT(largest_difference("attention", nn::PositionKind::none), 1e-5);
  EXPECT_GT(largest_difference("attention", nn::PositionKind::sinusoidal), 1e-2);
  EXPECT_GT(largest_difference("rnn", nn::PositionKind::none), 1e-2);
}

TEST(SetTasks, RefuseOtherLengths) {
  EXPECT_EQ(usage_error_of([] { find_task("odd-one-out").make({.length = 12}); }),
            "--length: task odd-one-out expects none, got 12");
  EXPECT_EQ(usage_error_of([] { find_task("sort").make({.length = 65}); }),
            "--length: task sort expects 2 to 64, got 65");
}

TEST(SetTasks, AreLearntAlikeOnEveryMachine) {
  EXPECT_NEAR(short_run(*find_task("sort").make({}), "attention"), 2.0269, 1e-4);
  EXPECT_NEAR(short_run(*find_task("odd-one-out").make({}), "attention"), 0.3238, 1e-4);
}

}  // namespace
}  // namespace rapt::tasks
