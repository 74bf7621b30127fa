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
    const Variable asked = nn::for_samples(scores(), samples);
    const HardAttended drawn = attention(asked, nn::for_samples(v, samples), mask);
    const Variable r = reward(drawn.context);
    const Shape choices{kBatch, samples, kQueries};
    const Variable judged = expand(reshape(r, {kBatch, samples, 1}), choices);
    const Variable score = learned ? reinforce(judged, drawn.log_probability, drawn.entropy,
                                               nn::for_samples(q, samples))
                                   : reinforce(judged, drawn.log_probability, drawn.entropy);
    return score * Scalar(kQueries) - mean(r);
  }

  // A learned baseline first sees `lessons` draws.
  nn::GradientEstimate estimate(const ReinforceOptions& options, Index samples, Index draws,
                                Index lessons = 0) const {
    Rng rng(7);
    const HardAttention attention({}, rng);
    const Reinforce reinforce(options, rng);
    const bool learned = options.baseline == Baseline::learned;
    const auto loss = [&] { return drawn_loss(attention, reinforce, samples, learned); };
    for (Index lesson = 0; lesson < lessons; ++lesson) learn(reinforce, loss());
    return nn::estimate_gradient(loss, parameters(), draws);
  }

  static void learn(const Reinforce& reinforce, const Variable& loss) {
    const std::vector<Variable> gradient = grad(loss, reinforce.parameters(), Scalar(1));
    for (std::size_t p = 0; p < gradient.size(); ++p) {
      Variable weight = reinforce.parameters()[p];
      weight.mutable_value() = (weight.detach() - Scalar(0.02) * gradient[p]).value();
    }
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
    double clearest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(mean[i], expected[i], 4.5 * error[i] + kClose)
          << names[p] << " at " << position(static_cast<Index>(i), exact[p].shape());
      clearest = std::max(clearest, std::abs(expected[i]) / double(error[i]));
    }
    EXPECT_GT(clearest, 15) << names[p] << ": too few draws to tell";
  }
}

TEST(Reinforce, WithoutABaselineItsMeanIsTheExactGradient) {
  expect_unbiased({.baseline = Baseline::none}, 1, 10000);
}

TEST(Reinforce, AMovingAverageDoesNotChangeTheMean) {
  expect_unbiased({.baseline = Baseline::moving_average}, 1, 10000);
}

TEST(Reinforce, ALearnedBaselineDoesNotChangeTheMean) {
  expect_unbiased({.baseline = Baseline::learned, .features = kFeatures}, 1, 5000);
}

TEST(Reinforce, AnEntropyBonusAddsItsOwnGradient) {
  expect_unbiased({.entropy_bonus = Scalar(0.5)}, 1, 5000);
}

TEST(Reinforce, SeveralSamplesHaveTheSameMeanAndLessSpread) {
  expect_unbiased({.baseline = Baseline::none}, 8, 2500);
  const Choosing choosing;
  const double one = choosing.estimate({.baseline = Baseline::none}, 1, 4000).total_variance;
  const double eight = choosing.estimate({.baseline = Baseline::none}, 8, 4000).total_variance;
  EXPECT_NEAR(one / eight, 8, 0.8);
}

// The reward of the second row is 2 above that of the first: a moving average stands between them,
// what was seen tells them apart.
TEST(Reinforce, ABaselineTakesVarianceAway) {
  const Choosing choosing;
  const auto variance = [&](const ReinforceOptions& options, Index lessons) {
    return choosing.estimate(options, 1, 4000, lessons).total_variance;
  };
  const double none = variance({.baseline = Baseline::none}, 0);
  const double average = variance({.baseline = Baseline::moving_average}, 0);
  const double learned = variance({.baseline = Baseline::learned, .features = kFeatures}, 1000);
  EXPECT_LT(average, 0.5 * none);
  EXPECT_LT(learned, 0.8 * average);
}

// ---- By hand

const Tensor kReward({2}, {1, 3}), kLog({2}, {-1, -2}), kEntropy({2}, {0.5, 0.25});

TEST(Reinforce, TheLossByHand) {
  Rng rng(1);
  const Reinforce reinforce({.baseline = Baseline::none, .entropy_bonus = 2}, rng);
  // (1 * 1 - 2 * 0.5 + 3 * 2 - 2 * 0.25) / 2
  EXPECT_TRUE(close(reinforce(kReward, kLog, kEntropy), Tensor({}, 2.75)));
  EXPECT_TRUE(reinforce.parameters().empty());
}

TEST(Reinforce, GradientsReachTheChoiceAndNotTheReward) {
  Rng rng(1);
  const Reinforce reinforce({.baseline = Baseline::none, .entropy_bonus = 2}, rng);
  const Variable reward(kReward, true), log_probability(kLog, true), entropy(kEntropy, true);
  backward(reinforce(reward, log_probability, entropy));
  EXPECT_FALSE(reward.has_grad());
  EXPECT_TRUE(close(log_probability.grad(), Tensor({2}, {-0.5, -1.5})));
  EXPECT_TRUE(close(entropy.grad(), Tensor({2}, {-1, -1})));
}

TEST(Reinforce, TheMovingAverageTakesInWhatWasUsed) {
  Rng rng(1);
  Reinforce reinforce({.decay = Scalar(0.75)}, rng);
  const auto judge = [&](Scalar reward) {
    return reinforce(Tensor({2}, reward), kLog, kEntropy).item();  // 1.5 (reward - average)
  };
  EXPECT_NEAR(judge(4), 6, kClose);  // nothing was known
  EXPECT_NEAR(reinforce.baseline().item(), 4, kClose);
  EXPECT_NEAR(judge(8), 6, kClose);
  EXPECT_NEAR(reinforce.baseline().item(), 5, kClose);
  reinforce.eval();
  EXPECT_NEAR(judge(9), 6, kClose);
  EXPECT_NEAR(reinforce.baseline().item(), 5, kClose);
}

TEST(Reinforce, ALearnedBaselineLearnsFromItsErrorAlone) {
  Rng rng(1);
  const Reinforce reinforce({.baseline = Baseline::learned, .features = 3}, rng);
  EXPECT_EQ(names_of(reinforce), (std::vector<std::string>{"value.weight", "value.bias"}));
  set_parameter(reinforce, "value.weight", {1, 2, 0});
  set_parameter(reinforce, "value.bias", {Scalar(0.5)});
  const Variable seen(Tensor({2, 3}, {1, 0, 5, 0, 1, 5}), true);
  EXPECT_TRUE(close(reinforce.baseline(seen), Tensor({2}, {1.5, 2.5})));
  const Variable log_probability(kLog, true);
  const Variable loss = reinforce(kReward, log_probability, kEntropy, seen);
  // score: (-0.5 * 1 + 0.5 * 2) / 2; error: (0.25 + 0.25) / 2
  EXPECT_TRUE(close(loss, Tensor({}, 0.5)));
  backward(loss);
  EXPECT_FALSE(seen.has_grad());
  EXPECT_TRUE(close(log_probability.grad(), Tensor({2}, {0.25, -0.25})));
  // of mean (R - b)^2: -(R - b) x, summed
  EXPECT_TRUE(close(reinforce.parameters()[0].grad(), Tensor({1, 3}, {0.5, -0.5, 0})));
  EXPECT_TRUE(close(reinforce.parameters()[1].grad(), Tensor({1}, Scalar(0))));
}

TEST(Reinforce, TakesAnyShape) {
  Rng rng(1);
  const Reinforce learned({.baseline = Baseline::learned, .features = 3}, rng);
  const Reinforce average({}, rng);
  for (const Shape& shape : {Shape{}, Shape{4}, Shape{2, 3, 4}}) {
    Shape seen = shape;
    seen.push_back(3);
    const Variable x = random_input(shape);
    EXPECT_EQ(learned.baseline(random_tensor(seen)).shape(), shape);
    EXPECT_EQ(learned(x, x, x, random_tensor(seen)).shape(), Shape{});
    EXPECT_EQ(average(x, x, x).shape(), Shape{});
  }
}

TEST(Reinforce, EveryParameterLearns) {
  Rng rng(1);
  const Reinforce reinforce({.baseline = Baseline::learned, .features = 3}, rng);
  const Variable x = random_input({2, 4});
  expect_every_parameter_learns(reinforce, reinforce(x, x, x, random_tensor({2, 4, 3})));
}

TEST(Reinforce, RefusesOtherOptions) {
  const auto refused = [](const ReinforceOptions& options) {
    return refusal<ValueError>([&] {
      Rng rng(1);
      Reinforce(options, rng);
    });
  };
  EXPECT_EQ(refused({.decay = 1}), "Reinforce: decay must lie in [0, 1), got 1");
  EXPECT_EQ(refused({.decay = Scalar(-0.5)}), "Reinforce: decay must lie in [0, 1), got -0.5");
  EXPECT_EQ(refused({.entropy_bonus = -1}),
            "Reinforce: entropy_bonus must be finite and at least 0, got -1");
  EXPECT_EQ(refused({.baseline = Baseline::learned}),
            "Reinforce: features of a learned baseline must be at least 1, got 0");
}

TEST(Reinforce, RefusesWhatDoesNotFit) {
  Rng rng(1);
  const Reinforce plain({}, rng), learned({.baseline = Baseline::learned, .features = 3}, rng);
  const Tensor seen({2, 3}), other({2, 1});
  EXPECT_EQ(refusal<ShapeError>([&] { plain(kReward, other, kEntropy); }),
            "Reinforce: log_probability [..] for this reward: expected [2], got [2, 1]");
  EXPECT_EQ(refusal<ShapeError>([&] { plain(kReward, kLog, other); }),
            "Reinforce: entropy [..] for this reward: expected [2], got [2, 1]");
  EXPECT_EQ(refusal<ShapeError>([&] { learned(Tensor({3}), kLog, kEntropy, seen); }),
            "Reinforce: seen [.., D] for this reward: expected [3, 3], got [2, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] { learned(kReward, kLog, kEntropy, other); }),
            "Reinforce: seen [.., D]: expected [.., 3], got [2, 1]");
  EXPECT_EQ(refusal<ValueError>([&] { learned(kReward, kLog, kEntropy); }),
            "Reinforce: a learned baseline needs what was seen, got nothing");
  EXPECT_EQ(refusal<ValueError>([&] { plain(kReward, kLog, kEntropy, seen); }),
            "Reinforce: only a learned baseline looks at what was seen");
}

}  // namespace
}  // namespace rapt
