// sample: how often, what of, and what is refused.
#include "nn/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::sample;
using nn::SamplingOptions;

// Logits of these probabilities, the same in each of `rows` rows.
Tensor rows_of(const std::vector<double>& probabilities, Index rows) {
  std::vector<Scalar> logits;
  for (const double p : probabilities) logits.push_back(static_cast<Scalar>(std::log(p)));
  const auto vocabulary = static_cast<Index>(logits.size());
  return Tensor({vocabulary}, logits).expand({rows, vocabulary});
}

// Draws many times: each id as often as expected, within four standard errors.
void expect_frequencies(const std::vector<double>& probabilities, const SamplingOptions& options,
                        const std::vector<double>& expected) {
  constexpr Index kDraws = 20000;
  Rng rng(7);
  const Ids drawn = sample(rows_of(probabilities, kDraws), options, rng);
  EXPECT_EQ(drawn.shape, (Shape{kDraws}));
  for (std::size_t id = 0; id < expected.size(); ++id) {
    const double p = expected[id];
    const auto count = std::count(drawn.values.begin(), drawn.values.end(), int(id));
    EXPECT_NEAR(double(count) / kDraws, p, 4 * std::sqrt(p * (1 - p) / kDraws)) << "id " << id;
  }
}

const std::vector<double> kProbabilities{0.125, 0.5, 0.125, 0.25};

TEST(Sample, DrawsWhatTheLogitsSay) { expect_frequencies(kProbabilities, {}, kProbabilities); }

TEST(Sample, TemperatureFlattensOrSharpens) {
  // p^(1/T), rescaled
  expect_frequencies({0.64, 0.04, 0.32}, {.temperature = 0.5}, {0.8, 0.003125, 0.2 - 0.003125});
  expect_frequencies({0.64, 0.04, 0.32}, {.temperature = 2},
                     {0.8 / (1 + std::sqrt(0.32)), 0.2 / (1 + std::sqrt(0.32)),
                      std::sqrt(0.32) / (1 + std::sqrt(0.32))});
}

TEST(Sample, WhatIsLeftIsRescaled) {
  expect_frequencies(kProbabilities, {.top_k = 2}, {0, 2.0 / 3, 0, 1.0 / 3});
  expect_frequencies(kProbabilities, {.top_p = Scalar(0.8)}, {1.0 / 7, 4.0 / 7, 0, 2.0 / 7});
}

// All ids that ever appear.
std::set<int> support(const Tensor& logits, const SamplingOptions& options) {
  Rng rng(3);
  const Ids drawn = sample(logits.expand({500, logits.dim(-1)}), options, rng);
  return {drawn.values.begin(), drawn.values.end()};
}

using Set = std::set<int>;

TEST(Sample, TopKKeepsTheLikeliest) {
  const Tensor logits({4}, {1, 3, 2, 3});
  EXPECT_EQ(support(logits, {.top_k = 1}), (Set{1}));  // of the two 3 the first
  EXPECT_EQ(support(logits, {.top_k = 2}), (Set{1, 3}));
  EXPECT_EQ(support(logits, {.top_k = 3}), (Set{1, 2, 3}));
  EXPECT_EQ(support(logits, {.top_k = 4}), (Set{0, 1, 2, 3}));
  EXPECT_EQ(support(logits, {.top_k = 9}), (Set{0, 1, 2, 3}));
  EXPECT_EQ(support(logits, {.top_k = 0}), (Set{0, 1, 2, 3}));
  EXPECT_EQ(support(Tensor({4}, 2), {.top_k = 2}), (Set{0, 1}));
}

TEST(Sample, TopPKeepsTheNucleus) {
  const Tensor logits = rows_of(kProbabilities, 1);
  const auto nucleus = [&](double p) { return support(logits, {.top_p = static_cast<Scalar>(p)}); };
  EXPECT_EQ(nucleus(1e-6), (Set{1}));
  EXPECT_EQ(nucleus(0.49), (Set{1}));
  EXPECT_EQ(nucleus(0.51), (Set{1, 3}));
  EXPECT_EQ(nucleus(0.74), (Set{1, 3}));
  EXPECT_EQ(nucleus(0.76), (Set{0, 1, 3}));  // of the two 0.125 the first
  EXPECT_EQ(nucleus(0.88), (Set{0, 1, 2, 3}));
  EXPECT_EQ(nucleus(1), (Set{0, 1, 2, 3}));
}

// Of the two likeliest, 2/3 and 1/3, the first alone reaches 0.6; of all four it does not.
TEST(Sample, TheNucleusIsTakenOfTheTopK) {
  const Tensor logits = rows_of(kProbabilities, 1);
  EXPECT_EQ(support(logits, {.top_k = 2, .top_p = Scalar(0.6)}), (Set{1}));
  EXPECT_EQ(support(logits, {.top_p = Scalar(0.6)}), (Set{1, 3}));
  // The temperature comes first: at 4 the likeliest has 0.34.
  EXPECT_EQ(support(logits, {.temperature = 4, .top_p = Scalar(0.4)}), (Set{1, 3}));
}

TEST(Sample, TemperatureZeroIsTheLikeliestAndDrawsNothing) {
  Rng rng(1), untouched(1);
  const Tensor logits({2, 3}, {1, 5, 5, 2, 1, 0});
  EXPECT_EQ(sample(logits, {.temperature = 0}, rng).values, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(rng.next(), untouched.next());
}

TEST(Sample, ExtremesAreSafe) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  EXPECT_EQ(support(Tensor({3}, {-infinity, 4, -infinity}), {}), (Set{1}));
  EXPECT_EQ(support(Tensor({3}, {Scalar(-1e30), Scalar(1e30), 0}), {}), (Set{1}));
  const Scalar tiny = std::numeric_limits<Scalar>::denorm_min();
  EXPECT_EQ(support(Tensor({3}, {1, 2, 0}), {.temperature = tiny}), (Set{1}));
}

TEST(Sample, EqualSeedsDrawTheSameAndOneNumberPerRow) {
  const Tensor logits = random_tensor({50, 6});
  Rng one(4), same(4), counting(4);
  const SamplingOptions options{.temperature = 2, .top_k = 5, .top_p = Scalar(0.9)};
  EXPECT_EQ(sample(logits, options, one).values, sample(logits, options, same).values);
  for (int row = 0; row < 50; ++row) counting.next();
  EXPECT_EQ(one.next(), counting.next());
}

TEST(Sample, RefusesOtherOptions) {
  const auto refused = [](const SamplingOptions& options) {
    return [options] {
      Rng rng(1);
      sample(Tensor({1, 3}), options, rng);
    };
  };
  const Scalar nan = std::nan(""), infinity = std::numeric_limits<Scalar>::infinity();
  const std::string temperature = "sample: temperature must be finite and at least 0, got ";
  EXPECT_EQ(refusal<ValueError>(refused({.temperature = -1})), temperature + "-1");
  EXPECT_EQ(refusal<ValueError>(refused({.temperature = nan})), temperature + "nan");
  EXPECT_EQ(refusal<ValueError>(refused({.temperature = infinity})), temperature + "inf");
  EXPECT_EQ(refusal<ValueError>(refused({.top_k = -1})),
            "sample: top_k must be at least 0, got -1");
  const std::string mass = "sample: top_p must lie in (0, 1], got ";
  EXPECT_EQ(refusal<ValueError>(refused({.top_p = 0})), mass + "0");
  EXPECT_EQ(refusal<ValueError>(refused({.top_p = Scalar(1.5)})), mass + "1.5");
  EXPECT_EQ(refusal<ValueError>(refused({.top_p = nan})), mass + "nan");
}

TEST(Sample, RefusesLogitsWithoutAChoice) {
  const auto refused = [](const Tensor& logits) {
    return [logits] {
      Rng rng(1);
      sample(logits, {}, rng);
    };
  };
  const Scalar nan = std::nan(""), infinity = std::numeric_limits<Scalar>::infinity();
  EXPECT_EQ(refusal<ShapeError>(refused(Tensor({3}))),
            "sample: logits [B, V]: expected [any, any], got [3]");
  EXPECT_EQ(refusal<ShapeError>(refused(Tensor({3, 0}))), "max: axis 1 of [3, 0] has no elements");
  const std::string number = "sample: expected a largest logit that is a number, got ";
  EXPECT_EQ(refusal<ValueError>(refused(Tensor({1, 3}, {0, nan, 1}))),
            number + "nan in logits [B, V] of [1, 3]");
  EXPECT_EQ(refusal<ValueError>(refused(Tensor({2, 2}, {0, 1, -infinity, -infinity}))),
            number + "-inf in logits [B, V] of [2, 2]");
  EXPECT_EQ(refusal<ValueError>(refused(Tensor({1, 2}, {0, infinity}))),
            number + "inf in logits [B, V] of [1, 2]");
}

}  // namespace
}  // namespace rapt
