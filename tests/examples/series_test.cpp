// Forecasting: what the series are made of, and what the baselines measure.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/examples/task_checks.h"

namespace rapt::tasks {
namespace {

TEST(Series, WantsTheNextValue) {
  const auto task = find_task("series").make({});
  const Sizes sizes = task->sizes();
  EXPECT_TRUE(sizes.causal);
  EXPECT_EQ(sizes.features, 1);
  EXPECT_EQ(sizes.length, 48);
  Rng rng(1);
  const Batch batch = task->batch(4, Split::training, rng);
  EXPECT_EQ(batch.features.shape(), (Shape{4, 48, 1}));
  EXPECT_EQ(batch.values.shape(), (Shape{4, 48}));
  for (Index b = 0; b < 4; ++b)
    for (Index t = 0; t + 1 < 48; ++t)
      EXPECT_EQ(batch.values.at({b, t}), batch.features.at({b, t + 1, 0})) << b << ", " << t;
  for (const std::int32_t target : batch.targets.values) EXPECT_EQ(target, 0);
}

// What the definition says: noise of variance 0.09, seasons of variance 1 of which two harmonics
// of period 7 or 12 have half each.
TEST(Series, BaselinesAreThoseOfTheDefinition) {
  const auto task = find_task("series").make({});
  const auto baselines = task->baselines();
  ASSERT_EQ(baselines.size(), 4u);
  const double noise = 0.09;
  EXPECT_NEAR(baselines[0].loss, 1 + noise, 0.02);
  EXPECT_NEAR(baselines[3].loss, noise, 0.001);
  EXPECT_NEAR(baselines[3].accuracy, std::erf(std::sqrt(2.0)), 0.002);  // within 2 sigma
  // A step apart, a harmonic of angle w has the covariance cos w; but after a switch, none.
  double step = 0;
  for (const double period : {7.0, 12.0})
    for (const double harmonic : {1.0, 2.0})
      step += (1 - std::cos(2 * std::acos(-1.0) * harmonic / period)) / 4;
  const double last = (47 * step + 1) / 48 * 2 + 2 * noise;
  EXPECT_NEAR(baselines[1].loss, last, 0.03);
  // 2 noise where a season was seen in the regime; 7 or 12 values of each regime come too early.
  const double early = (7 + 12 - 1) / 48.0;
  EXPECT_NEAR(baselines[2].loss, (1 - early) * 2 * noise + early * (1 + noise), 0.02);
}

TEST(Series, ProbesAskJustAfterASwitchAndLongAfter) {
  const auto task = find_task("series").make({});
  ASSERT_EQ(task->probes().size(), 2u);
  Rng a(3), b(3);
  const Batch just = task->probe(0, 200, a), later = task->probe(1, 200, b);
  ASSERT_EQ(just.features.values(), later.features.values());
  Index with_later = 0;
  for (Index row = 0; row < 200; ++row) {
    Index first = -1, asked = 0, first_later = -1;
    for (Index t = 0; t < 48; ++t) {
      const std::size_t at = static_cast<std::size_t>(row * 48 + t);
      if (just.targets.values[at] == 0) {
        if (first < 0) first = t;
        ++asked;
      }
      if (later.targets.values[at] == 0 && first_later < 0) first_later = t;
    }
    EXPECT_TRUE(first >= 11 && first < 35) << first;  // the value at t + 1 = 12 .. 35
    EXPECT_EQ(asked, 12) << row;
    with_later += first_later >= 0 ? 1 : 0;
    if (first_later >= 0) {
      EXPECT_EQ(first_later, first + 24) << row;
    }
  }
  EXPECT_GT(with_later, 50);
}

TEST(Series, ReadsAColumnAndSplitsItByTime) {
  std::string table = "day,price,flag\n";
  for (int i = 0; i < 400; ++i)
    table += std::to_string(i) + "," + std::to_string(i < 320 ? i % 5 : 100 + i) + ",x\n";
  const auto task =
      find_task("series").make({.length = 10, .data = written("p.csv", table) + ":price"});
  Rng rng(1);
  // 0 1 2 3 4 .. have the mean 2 and the variance 2.
  const Batch training = task->batch(50, Split::training, rng);
  for (Index b = 0; b < 50; ++b)
    for (Index t = 0; t < 10; ++t) {
      const double now = training.features.at({b, t, 0}) * std::sqrt(2.0) + 2;
      const double next = training.values.at({b, t}) * std::sqrt(2.0) + 2;
      EXPECT_NEAR(next, std::fmod(std::round(now) + 1, 5), 1e-4);
    }
  const auto lowest_and_highest = [&](Split split) {
    const Batch batch = task->batch(500, split, rng);
    double low = 1e9, high = 0;
    for (const Scalar x : batch.features.values()) low = std::min<double>(low, x);
    for (const Scalar x : batch.values.values()) high = std::max<double>(high, x);
    return std::pair(std::round(low * std::sqrt(2.0) + 2), std::round(high * std::sqrt(2.0) + 2));
  };
  EXPECT_EQ(lowest_and_highest(Split::validation), std::pair(420.0, 459.0));
  EXPECT_EQ(lowest_and_highest(Split::test), std::pair(460.0, 499.0));
  const auto baselines = task->baselines();
  ASSERT_EQ(baselines.size(), 3u);
  EXPECT_EQ(baselines[2].name, "5 steps ago");
  EXPECT_NEAR(baselines[1].loss, 0.5, 1e-9);  // a step of 1 is 1 / sqrt 2 deviations
  EXPECT_NEAR(baselines[2].loss, 12.5, 1e-9);
}

TEST(Series, RefusesWhatItCannotUse) {
  const auto error = [](const TaskOptions& options) {
    return usage_error_of([&] { find_task("series").make(options); });
  };
  EXPECT_EQ(error({.length = 39}), "--length: task series expects 40 to 400, got 39");
  const std::string path = written("short.csv", "a\n1\n2\n");
  EXPECT_EQ(error({.data = path + ":a"}), "--data " + path +
                                              ":a: expected at least 500 values, so that a tenth "
                                              "holds a window of 48; got 2");
}

TEST(Series, ShortRunsComeOutTheSame) {
  EXPECT_NEAR(short_run(*find_task("series").make({}), "attention"), 0.7418, 5e-5);
  EXPECT_NEAR(short_run(*find_task("series").make({}), "rnn"), 0.5889, 5e-5);
}

}  // namespace
}  // namespace rapt::tasks
