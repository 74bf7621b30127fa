// REINFORCE against the exact gradient, which a case of few choices lets one write down.
#include "nn/reinforce.h"

#include "nn/gradient_variance.h"
#include "nn/hard_attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Baseline;
using nn::HardAttended;
using nn::HardAttention;
using nn::Mask;
using nn::Reinforce;
using nn::ReinforceOptions;

constexpr Index kBatch = 2, kQueries = 2, kKeys = 4, kFeatures = 3;

// Two queries choose among four keys, of which the first query may not see the third key. The
// reward takes both contexts together and bends, so no mean of contexts gives its mean.
struct Choosing {
  Variable q = random_input({kBatch, kQueries, kFeatures}, 1);
  Variable k = random_input({kBatch, kKeys, kFeatures}, 2);
  Variable v = random_input({kBatch, kKeys, kFeatures}, 3);
  Mask mask{Tensor({kQueries, kKeys}, {1, 1, 0, 1, 1, 1, 1, 1})};

  std::vector<Variable> parameters() const { return {q, k, v}; }
  Variable scores() const { return nn::dot_scores(q, k) * Scalar(1.5); }

  // c [B, S, Tq, E] -> [B, S]; the second of the batch is rewarded more, whatever it chooses
  Variable reward(const Variable& c) const {
    const Variable first = select(c, 2, 0), second = select(c, 2, 1);
    const Variable bent = tanh(2 * first * second + first * first - second);
    return sum(bent, -1) + Tensor({kBatch, 1}, {1, 3});
  }

  // Minus the mean of E[R] + bonus * entropy, by all that can be chosen.
  Variable exact_loss(Scalar bonus) const {
    const Tensor never(Shape{}, -1000);
    const Variable p = softmax(where(mask.against({kBatch, kQueries, kKeys}), scores(), never));
    Variable total = 0;
    for (Index i = 0; i < kKeys; ++i)
      for (Index j = 0; j < kKeys; ++j) {
        const Variable both = stack({select(v, 1, i), select(v, 1, j)}, 1);
        const Variable r = reward(reshape(both, {kBatch, 1, kQueries, kFeatures}));
        const Variable first = slice(select(p, 1, 0), 1, i, i + 1);
        const Variable second = slice(select(p, 1, 1), 1, j, j + 1);
        total = total + mean(first * second * r);
      }
    const Variable entropy = -sum(p * log(p + Scalar(1e-30)));
    return -(total + bonus * entropy / Scalar(kBatch));
  }

  // One draw of the same: the score term for what chooses, the reward itself for what is chosen.
  Variable drawn_loss(const HardAttention& attention, const Reinforce& reinforce, Index samples,
                      bool learned) const {
    const HardAttended drawn =
        attention(nn::for_samples(scores(), samples), nn::for_samples(v, samples), mask);
    const Variable r = reward(drawn.context);
    const Shape choices{kBatch, samples, kQueries};
    const Variable judged = expand(reshape(r, {kBatch, samples, 1}), choices);
    const Variable score = learned ? reinforce(judged, drawn.log_probability, drawn.entropy,
                                               nn::for_samples(q, samples))
                                   : reinforce(judged, drawn.log_probability, drawn.entropy);
    return score * Scalar(kQueries) - mean(r);
  }

  nn::GradientEstimate estimate(const ReinforceOptions& options, Index samples, Index draws) const {
    Rng rng(7);
    const HardAttention attention({}, rng);
    const Reinforce reinforce(options, rng);
    const bool learned = options.baseline == Baseline::learned;
    return nn::estimate_gradient([&] { return drawn_loss(attention, reinforce, samples, learned); },
                                 parameters(), draws);
  }
};

// The mean of the estimate is the exact gradient, element by element, and the test would notice if
// it were not: the largest elements stand far above their standard error.
void expect_unbiased(const ReinforceOptions& options, Index samples, Index draws) {
  const Choosing choosing;
  const nn::GradientEstimate got = choosing.estimate(options, samples, draws);
  const std::vector<Variable> exact =
      grad(choosing.exact_loss(options.entropy_bonus), choosing.parameters(), Scalar(1));
  const char* names[] = {"q", "k", "v"};
  for (std::size_t p = 0; p < exact.size(); ++p) {
    const std::vector<Scalar> expected = exact[p].value().values(), mean = got.mean[p].values(),
                              error = got.standard_error[p].values();
    double clearest = 0, farthest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(mean[i], expected[i], 4.5 * error[i] + kClose)
          << names[p] << " at " << position(static_cast<Index>(i), exact[p].shape());
      clearest = std::max(clearest, std::abs(expected[i]) / double(error[i]));
      farthest = std::max(farthest, std::abs(mean[i] - expected[i]) / double(error[i]));
    }
    if (getenv("SHOW"))
      printf("%s clearest %.1f farthest %.2f var %.4f\n", names[p], clearest, farthest,
             got.total_variance);
    EXPECT_GT(clearest, 15) << names[p] << ": too few draws to tell";
  }
}

TEST(Reinforce, WithoutABaselineItsMeanIsTheExactGradient) {
  expect_unbiased({.baseline = Baseline::none}, 1, 20000);
}

TEST(Reinforce, AMovingAverageDoesNotChangeTheMean) {
  expect_unbiased({.baseline = Baseline::moving_average}, 1, 10000);
}

TEST(Reinforce, ALearnedBaselineDoesNotChangeTheMean) {
  expect_unbiased({.baseline = Baseline::learned, .features = kFeatures}, 1, 10000);
}

TEST(Reinforce, AnEntropyBonusAddsItsOwnGradient) {
  expect_unbiased({.entropy_bonus = Scalar(0.5)}, 1, 10000);
}

TEST(Reinforce, SeveralSamplesHaveTheSameMeanAndLessSpread) {
  expect_unbiased({.baseline = Baseline::none}, 8, 2500);
  const Choosing choosing;
  const double one = choosing.estimate({.baseline = Baseline::none}, 1, 4000).total_variance;
  const double eight = choosing.estimate({.baseline = Baseline::none}, 8, 4000).total_variance;
  EXPECT_NEAR(one / eight, 8, 0.8);
}

}  // namespace
}  // namespace rapt
