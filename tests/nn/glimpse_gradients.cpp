// Glimpses: gradients against differences, and the estimator of the gradient of where to look
// against the integral that it estimates.
#include <algorithm>
#include <cmath>

#include "nn/glimpse.h"
#include "nn/reinforce.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::GlimpseNetwork;

TEST(LogNormalDensityGradients, MatchDifferences) {
  const Tensor draw = random_tensor({3, 2}, 2);
  const CheckResult result = gradcheck(
      [&](const std::vector<Variable>& inputs) {
        return nn::log_normal_density(draw, inputs[0], Scalar(0.3));
      },
      {random_input({3, 2})});
  EXPECT_TRUE(result) << result.failure;
}

// One glimpse, as a choice is cut to whole pixels, and what is seen jumps with it.
TEST(GlimpseNetworkGradients, MatchDifferencesWhereNothingIsChosen) {
  Rng rng(1);
  const GlimpseNetwork network(
      {.channels = 2, .classes = 3, .size = 2, .scales = 2, .glimpses = 1, .hidden = 3}, rng);
  const Tensor images = random_tensor({2, 2, 5, 5}, 3);
  Variable of_the_answer = network(images).logits;
  backward_at_random(of_the_answer);
  for (const NamedVariable& p : network.named_parameters())
    EXPECT_EQ(p.variable.has_grad(), !p.name.starts_with("next.")) << p.name;
  expect_gradients_match_differences(network, {}, [&] { return network(images).logits; });
}

// The reward is a bump around (0.3, -0.2), read at the centre that was looked at, which is the draw
// clipped to -1 .. 1.
constexpr double kAtY = 0.3, kAtX = -0.2, kWidth = 0.5, kDeviation = 0.4;

double reward_at(double y, double x) {
  const auto clipped = [](double v) { return std::clamp(v, -1.0, 1.0); };
  const double dy = clipped(y) - kAtY, dx = clipped(x) - kAtX;
  return std::exp(-(dy * dy + dx * dx) / (2 * kWidth * kWidth));
}

// E[reward] for a draw around (mean_y, mean_x), by the midpoint rule over 6 deviations each way.
double expected_reward(double mean_y, double mean_x) {
  constexpr int kCells = 600;
  double sum = 0, weights = 0;
  for (int i = 0; i < kCells; ++i)
    for (int j = 0; j < kCells; ++j) {
      const double u = (i + 0.5) * 12 / kCells - 6, v = (j + 0.5) * 12 / kCells - 6;
      const double weight = std::exp(-(u * u + v * v) / 2);
      sum += weight * reward_at(mean_y + kDeviation * u, mean_x + kDeviation * v);
      weights += weight;
    }
  return sum / weights;
}

// [Eq 9.4] holds for draws that are clipped afterwards, because log p is that of the draw and the
// clipping belongs to the reward. The mean is tanh(bias), as the weights are 0.
TEST(GlimpseNetworkGradients, RewardsTeachTheDerivativeOfTheExpectedReward) {
  constexpr double kBiasY = -0.6, kBiasX = 0.8, kStep = 1e-4;
  constexpr Index kDraws = 20000, kRepeats = 20;
  Rng rng(1);
  const GlimpseNetwork network(
      {.classes = 2, .size = 1, .glimpses = 2, .hidden = 1, .deviation = Scalar(kDeviation)}, rng);
  set_parameter(network, "next.weight", {0, 0});
  set_parameter(network, "next.bias", {Scalar(kBiasY), Scalar(kBiasX)});
  const nn::Reinforce reinforce({}, rng);
  const Tensor images({kDraws, 1, 1, 1}), nothing({kDraws, 1});

  std::vector<double> sums(2), squares(2);
  for (Index r = 0; r < kRepeats; ++r) {
    const nn::Glimpsed seen = network(images);
    Tensor reward({kDraws, 1});
    for (Index i = 0; i < kDraws; ++i) {
      const Scalar* centre = seen.centres[1].data() + 2 * i;
      reward.data()[i] = Scalar(reward_at(double(centre[0]), double(centre[1])));
    }
    for (Variable p : network.parameters()) p.clear_grad();
    backward(reinforce(reward, seen.log_probability, nothing));
    const Tensor& gradient = network.parameters().at(11).grad();
    for (std::size_t k = 0; k < 2; ++k) {
      const double g = -double(gradient.data()[k]);
      sums[k] += g;
      squares[k] += g * g;
    }
  }
  ASSERT_EQ(names_of(network).at(11), "next.bias");

  const auto expected = [&](double y, double x) {
    return expected_reward(std::tanh(kBiasY + y), std::tanh(kBiasX + x));
  };
  const std::vector<double> exact{(expected(kStep, 0) - expected(-kStep, 0)) / (2 * kStep),
                                  (expected(0, kStep) - expected(0, -kStep)) / (2 * kStep)};
  for (std::size_t k = 0; k < 2; ++k) {
    const double mean = sums[k] / kRepeats;
    const double error =
        std::sqrt((squares[k] / kRepeats - mean * mean) / static_cast<double>(kRepeats - 1));
    EXPECT_GT(std::abs(exact[k]), 30 * error) << "too few draws to tell";
    EXPECT_NEAR(mean, exact[k], 4 * error) << "direction " << k << ", standard error " << error;
  }
}

}  // namespace
}  // namespace rapt
