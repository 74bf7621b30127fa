// Glimpses by hand, and the network that chooses them: what it draws, and what it learns from.
#include "nn/glimpse.h"

#include <cmath>
#include <numbers>

#include "nn/loss.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Glimpsed;
using nn::GlimpseNetwork;
using nn::GlimpseOptions;

// 1 .. Y X, row by row, in each of several images [B, C, Y, X].
Tensor counted(const Shape& shape) {
  Tensor images(shape);
  for (Index i = 0; i < images.size(); ++i) images.data()[i] = static_cast<Scalar>(i + 1);
  return images;
}

Tensor patch(const Tensor& images, Scalar y, Scalar x, Index size, Index scales = 1) {
  return nn::glimpse(images, Tensor({1, 2}, {y, x}), size, scales);
}

TEST(Glimpse, IsThePatchAroundTheCentre) {
  const Tensor image = counted({1, 1, 5, 5});
  EXPECT_TRUE(
      same_bits(patch(image, 0, 0, 3), Tensor({1, 1, 1, 3, 3}, {7, 8, 9, 12, 13, 14, 17, 18, 19})));
  EXPECT_TRUE(same_bits(patch(image, Scalar(0.5), Scalar(-0.5), 3),
                        Tensor({1, 1, 1, 3, 3}, {11, 12, 13, 16, 17, 18, 21, 22, 23})));
  EXPECT_TRUE(same_bits(patch(image, 0, 0, 2), Tensor({1, 1, 1, 2, 2}, {7, 8, 12, 13})))
      << "an even patch lies left of and above the middle of its lower right cell";
}

TEST(Glimpse, BeyondTheImageAllIsZero) {
  const Tensor image = counted({1, 1, 3, 3});
  EXPECT_TRUE(
      same_bits(patch(image, -1, -1, 3), Tensor({1, 1, 1, 3, 3}, {0, 0, 0, 0, 1, 2, 0, 4, 5})));
  EXPECT_TRUE(
      same_bits(patch(image, 1, 1, 3), Tensor({1, 1, 1, 3, 3}, {5, 6, 0, 8, 9, 0, 0, 0, 0})));
  EXPECT_EQ(largest_magnitude(patch(image, 9, 0, 3)), 0);
  EXPECT_EQ(largest_magnitude(patch(image, Scalar(1e30), std::nanf(""), 3)), 0);
}

// Of 5 rows the middle one is row 2, and half a row is -+0.25.
TEST(Glimpse, CentresAreRoundedToTheNearestPixel) {
  const Tensor image = counted({1, 1, 5, 5});
  const auto row = [&](double y) { return (patch(image, Scalar(y), -1, 1).item() - 1) / 5; };
  EXPECT_EQ(row(0.24), 2);
  EXPECT_EQ(row(0.26), 3);
  EXPECT_EQ(row(-0.24), 2);
  EXPECT_EQ(row(-0.26), 1);
  EXPECT_EQ(row(-1), 0);
  EXPECT_EQ(row(1), 4);
}

TEST(Glimpse, AWiderPatchIsAveragedDown) {
  const Tensor image = counted({1, 1, 4, 4});  // its middle is rounded to pixel (2, 2)
  EXPECT_TRUE(same_bits(patch(image, 0, 0, 2, 2),
                        Tensor({1, 2, 1, 2, 2}, {6, 7, 10, 11, 3.5, 5.5, 11.5, 13.5})));
  EXPECT_TRUE(close(patch(image, 0, 0, 1, 4), Tensor({1, 4, 1, 1, 1}, {11, 8.5, 8.5, 8.5 / 4})))
      << "the fourth is 8 pixels wide: three quarters of it are beyond the image";
}

TEST(Glimpse, EachImageHasItsCentreAndAllChannelsShareIt) {
  const Tensor images = counted({2, 2, 3, 3});
  const Tensor centres({2, 2}, {-1, 0, 1, 1});
  EXPECT_TRUE(same_bits(nn::glimpse(images, centres, 1), Tensor({2, 1, 2, 1, 1}, {2, 11, 27, 36})));
  EXPECT_EQ(nn::glimpse(images, centres, 3, 2).shape(), (Shape{2, 2, 2, 3, 3}));
  EXPECT_TRUE(same_bits(nn::glimpse(images.transpose(), centres, 1),
                        Tensor({2, 1, 2, 1, 1}, {4, 13, 27, 36})))
      << "a strided view";
}

TEST(Glimpse, RefusesWhatDoesNotFit) {
  const Tensor image({2, 1, 4, 4}), centres({2, 2});
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::glimpse(Tensor({2, 4, 4}), centres, 3);
            }),
            "glimpse: images [B, C, Y, X]: expected [any, any, any, any], got [2, 4, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::glimpse(image, Tensor({3, 2}), 3);
            }),
            "glimpse: centres [B, 2]: expected [2, 2], got [3, 2]");
  EXPECT_EQ(refusal<ValueError>([&] { nn::glimpse(image, centres, 0); }),
            "glimpse: size must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { nn::glimpse(image, centres, 3, 0); }),
            "glimpse: scales must lie in 1 .. 16, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { nn::glimpse(image, centres, 3, 17); }),
            "glimpse: scales must lie in 1 .. 16, got 17");
}

TEST(LogNormalDensity, ByFormula) {
  const double off = -0.3 * -0.3 + 0.1 * 0.1, variance = 0.2 * 0.2;
  const double expected = -off / (2 * variance) - std::log(2 * std::numbers::pi * variance);
  EXPECT_TRUE(close(nn::log_normal_density(Tensor({1, 2}, {Scalar(0.2), Scalar(0.6)}),
                                           Tensor({1, 2}, {Scalar(0.5), Scalar(0.5)}), Scalar(0.2)),
                    Tensor({1}, static_cast<Scalar>(expected))));
}

GlimpseNetwork small_network(
    std::uint64_t seed = 1,
    const GlimpseOptions& options = {
        .channels = 2, .classes = 3, .size = 3, .scales = 2, .glimpses = 3, .hidden = 8}) {
  Rng rng(seed);
  return GlimpseNetwork(options, rng);
}

const Tensor kImages = random_tensor({4, 2, 6, 6}, 3);

TEST(GlimpseNetwork, Shapes) {
  const GlimpseNetwork network = small_network();
  const Glimpsed seen = network(kImages);
  EXPECT_EQ(seen.logits.shape(), (Shape{4, 3}));
  EXPECT_EQ(seen.log_probability.shape(), (Shape{4, 2}));
  EXPECT_EQ(seen.states.shape(), (Shape{4, 2, 8}));
  EXPECT_FALSE(seen.states.requires_grad());
  ASSERT_EQ(seen.centres.size(), 3u);
  EXPECT_TRUE(same_bits(seen.centres[0], Tensor({4, 2})));
  for (const Tensor& centres : seen.centres) {
    EXPECT_EQ(centres.shape(), (Shape{4, 2}));
    EXPECT_LE(largest_magnitude(centres), 1);
  }
}

TEST(GlimpseNetwork, OneGlimpseChoosesNothing) {
  const GlimpseNetwork network = small_network(1, {.channels = 2, .glimpses = 1});
  const Glimpsed seen = network(kImages);
  EXPECT_EQ(seen.centres.size(), 1u);
  EXPECT_EQ(seen.log_probability.shape(), (Shape{4, 0}));
  EXPECT_EQ(seen.states.shape(), (Shape{4, 0, 64}));
  EXPECT_TRUE(seen.logits.requires_grad());
}

// In training the same seed draws the same, and the next call something else; in eval() nothing is
// drawn, and no choice is better than what was chosen.
TEST(GlimpseNetwork, DrawsInTrainingAlone) {
  GlimpseNetwork one = small_network(), other = small_network();
  const Glimpsed first = one(kImages), same = other(kImages), next = one(kImages);
  EXPECT_TRUE(same_bits(first.logits, same.logits));
  EXPECT_TRUE(same_bits(first.centres[2], same.centres[2]));
  EXPECT_FALSE(same_bits(first.centres[1], next.centres[1]));
  one.eval();
  const Glimpsed sure = one(kImages), again = one(kImages);
  EXPECT_TRUE(same_bits(sure.logits, again.logits));
  const double peak = -std::log(2 * std::numbers::pi * 0.04);
  EXPECT_TRUE(close(sure.log_probability, Tensor({4, 2}, static_cast<Scalar>(peak))));
}

// The draw, not where it was clipped to, is what the probability is of: log p of a draw with
// deviation 5 has a mean of -1 - log(2 pi 25), though all centres lie within -1 .. 1.
TEST(GlimpseNetwork, ClipsTheCentreAndNotTheDraw) {
  const GlimpseNetwork network = small_network(1, {.glimpses = 2, .deviation = 5});
  const Glimpsed seen = network(random_tensor({2000, 1, 4, 4}));
  EXPECT_EQ(largest_magnitude(seen.centres[1]), 1);
  const double expected = -1 - std::log(2 * std::numbers::pi * 25);
  EXPECT_NEAR(mean(seen.log_probability).item(), expected, 0.1) << "standard error 0.022";
}

TEST(GlimpseNetwork, LooksWhereNextSays) {
  GlimpseNetwork network = small_network();
  set_parameter(network, "next.weight", std::vector<Scalar>(16, 0));
  set_parameter(network, "next.bias", {static_cast<Scalar>(std::atanh(0.5)), 0});
  network.eval();
  const Glimpsed seen = network(kImages);
  for (int i = 1; i < 3; ++i)
    EXPECT_TRUE(close(seen.centres[i], Tensor({4, 2}, {0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0})));
}

// Nothing else of an image is read than the patches.
TEST(GlimpseNetwork, SeesThePatchesAlone) {
  const GlimpseNetwork network = small_network(1, {.size = 3, .glimpses = 1});
  Tensor image = random_tensor({1, 1, 7, 7});
  const Variable before = network(image).logits;
  image.data()[0] += 1;
  EXPECT_TRUE(same_bits(before, network(image).logits));
  image.data()[24] += 1;
  EXPECT_FALSE(same_bits(before, network(image).logits));
}

// Cross entropy teaches all but the choice, the choice learns from its log probability alone.
TEST(GlimpseNetwork, EveryParameterLearns) {
  const GlimpseNetwork network = small_network();
  const Glimpsed seen = network(kImages);
  const Variable loss = nn::cross_entropy(seen.logits, {{4}, {0, 1, 2, 0}});
  const Variable reward = random_tensor({4, 2}, 5);
  expect_every_parameter_learns(network, loss - mean(reward * seen.log_probability));
  for (Variable p : network.parameters()) p.clear_grad();
  backward(sum(reward * network(kImages).log_probability));
  for (const NamedVariable& p : network.named_parameters())
    EXPECT_EQ(p.variable.has_grad(), p.name.starts_with("next.")) << p.name;
}

TEST(GlimpseNetwork, RefusesWhatDoesNotFit) {
  const auto refused = [](const GlimpseOptions& options) {
    return refusal<ValueError>([&] { small_network(1, options); });
  };
  EXPECT_EQ(refused({.channels = 0}), "GlimpseNetwork: channels must be at least 1, got 0");
  EXPECT_EQ(refused({.classes = 0}), "GlimpseNetwork: classes must be at least 1, got 0");
  EXPECT_EQ(refused({.size = 0}), "GlimpseNetwork: size must be at least 1, got 0");
  EXPECT_EQ(refused({.scales = 17}), "GlimpseNetwork: scales must lie in 1 .. 16, got 17");
  EXPECT_EQ(refused({.glimpses = 0}), "GlimpseNetwork: glimpses must be at least 1, got 0");
  EXPECT_EQ(refused({.hidden = 0}), "GlimpseNetwork: hidden must be at least 1, got 0");
  EXPECT_EQ(refused({.deviation = 0}),
            "GlimpseNetwork: deviation must be finite and above 0, got 0");
  EXPECT_EQ(refused({.deviation = std::nanf("")}),
            "GlimpseNetwork: deviation must be finite and above 0, got nan");
  const GlimpseNetwork network = small_network();
  EXPECT_EQ(refusal<ShapeError>([&] {
              network(Tensor({4, 1, 6, 6}));
            }),
            "GlimpseNetwork: images [B, C, Y, X]: expected [any, 2, any, any], got [4, 1, 6, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              network(Tensor({4, 6, 6}));
            }),
            "GlimpseNetwork: images [B, C, Y, X]: expected [any, 2, any, any], got [4, 6, 6]");
}

}  // namespace
}  // namespace rapt
