// SqueezeExcitation by hand and against PyTorch; its gate knows no places.
#include "nn/squeeze_excitation.h"

#include "tests/nn/gate_checks.h"

namespace rapt {
namespace {

using nn::SqueezeExcitation;

TEST(SqueezeExcitation, Shapes) {
  Rng rng(1);
  const SqueezeExcitation layer(6, 4, rng);
  EXPECT_EQ(names_of(layer),
            (std::vector<std::string>{"excitation.reduce.weight", "excitation.reduce.bias",
                                      "excitation.increase.weight", "excitation.increase.bias"}));
  EXPECT_EQ(layer.parameters()[0].shape(), (Shape{1, 6}));  // 6 / 4, rounded down
  const nn::Gated y = layer(random_tensor({2, 6, 3, 5}));
  EXPECT_EQ(y.output.shape(), (Shape{2, 6, 3, 5}));
  EXPECT_EQ(y.gate.shape(), (Shape{2, 6}));
}

// The means are 2 and 5, the waist 5 - 2 - 1 = 2, the gates sigmoid(2) and sigmoid(1 - 2). In the
// second image the means change places, and relu cuts the waist off.
TEST(SqueezeExcitation, ByHand) {
  Rng rng(1);
  const SqueezeExcitation layer(2, 2, rng);
  set_parameter(layer, "excitation.reduce.weight", {-1, 1});
  set_parameter(layer, "excitation.reduce.bias", {-1});
  set_parameter(layer, "excitation.increase.weight", {1, -1});
  set_parameter(layer, "excitation.increase.bias", {0, 1});
  const nn::Gated y = layer(Tensor({2, 2, 1, 2}, {1, 3, 5, 5, 5, 5, 1, 3}));
  const Scalar a = squashed(2), b = squashed(-1), c = squashed(0), d = squashed(1);
  EXPECT_TRUE(close(y.gate, Tensor({2, 2}, {a, b, c, d})));
  EXPECT_TRUE(
      close(y.output, Tensor({2, 2, 1, 2}, {a, 3 * a, 5 * b, 5 * b, 5 * c, 5 * c, d, 3 * d})));
}

TEST(SqueezeExcitation, AsInPyTorch) {
  Rng rng(1);
  expect_matches_stored("squeeze_excitation", SqueezeExcitation(6, 2, rng));
}

TEST(SqueezeExcitation, PlacesMayChangePlaces) {
  Rng rng(1);
  expect_places_may_change_places(SqueezeExcitation(4, 2, rng));
}

TEST(SqueezeExcitation, ImagesOfABatchDoNotMeet) {
  Rng rng(1);
  const SqueezeExcitation layer(4, 2, rng);
  const Variable x = random_tensor({3, 4, 2, 2});
  EXPECT_TRUE(same_bits(layer(slice(x, 0, 1, 2)).output, slice(layer(x).output, 0, 1, 2)));
}

TEST(SqueezeExcitation, EveryParameterLearns) {
  Rng rng(1);
  const SqueezeExcitation layer(6, 2, rng);
  expect_every_parameter_learns(layer, layer(random_tensor({4, 6, 3, 3})).output);
}

TEST(SqueezeExcitation, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(SqueezeExcitation(4, 2, one), SqueezeExcitation(4, 2, same));
}

TEST(SqueezeExcitation, RefusesOtherReductions) {
  const auto refused = [](Index channels, Index reduction) {
    return refusal<ValueError>([&] {
      Rng rng(1);
      SqueezeExcitation(channels, reduction, rng);
    });
  };
  EXPECT_EQ(refused(0, 1), "Excitation: channels must be at least 1, got 0");
  EXPECT_EQ(refused(4, 0), "Excitation: reduction must be at least 1, got 0");
  EXPECT_EQ(refused(4, 5), "Excitation: a reduction by 5 leaves none of 4 channels");
  EXPECT_EQ(refused(4, 4), "nothing was refused");
}

TEST(SqueezeExcitation, RefusesOtherShapes) {
  Rng rng(1);
  const SqueezeExcitation layer(4, 2, rng);
  const nn::Excitation excitation(4, 2, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              layer(random_tensor({2, 3, 5, 5}));
            }),
            "SqueezeExcitation: x [B, C, Y, X]: expected [any, 4, any, any], got [2, 3, 5, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              layer(random_tensor({2, 4, 5}));
            }),
            "SqueezeExcitation: x [B, C, Y, X]: expected [any, 4, any, any], got [2, 4, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              excitation(random_tensor({2, 3}));
            }),
            "Excitation: d [B, C]: expected [any, 4], got [2, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::weigh_channels(random_tensor({2, 4, 3, 3}), random_tensor({4, 2}));
            }),
            "weigh_channels: gate [B, C] for this x: expected [2, 4], got [4, 2]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::weigh_channels(random_tensor({4, 3, 3}), random_tensor({4, 3}));
            }),
            "weigh_channels: x [B, C, Y, X]: expected [any, any, any, any], got [4, 3, 3]");
}

}  // namespace
}  // namespace rapt
