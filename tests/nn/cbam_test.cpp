// Gates for channels and for places, and both in a row: by hand, against PyTorch, and what each
// cannot see.
#include "nn/cbam.h"

#include "tests/nn/gate_checks.h"

namespace rapt {
namespace {

using nn::Cbam;
using nn::ChannelAttention;
using nn::SpatialAttention;

// The same numbers with the rows of an axis in the opposite order.
Variable reversed(const Variable& x, Index axis) {
  std::vector<Variable> rows;
  for (Index i = x.dim(axis); i-- > 0;) rows.push_back(slice(x, axis, i, i + 1));
  return concat(rows, axis);
}

// ---- ChannelAttention

// Means 2 and 0, maxima 3 and 1. The waist is d_0 - d_1 - 1: 1 of both means and maxima.
TEST(ChannelAttention, ByHand) {
  Rng rng(1);
  const ChannelAttention layer(2, 2, rng);
  set_parameter(layer, "excitation.reduce.weight", {1, -1});
  set_parameter(layer, "excitation.reduce.bias", {-1});
  set_parameter(layer, "excitation.increase.weight", {1, -2});
  set_parameter(layer, "excitation.increase.bias", {0, Scalar(0.5)});
  const nn::Gated y = layer(Tensor({1, 2, 1, 2}, {1, 3, -1, 1}));
  const Scalar a = squashed(2), b = squashed(-3);  // the bias counts twice
  EXPECT_TRUE(close(y.gate, Tensor({1, 2}, {a, b})));
  EXPECT_TRUE(close(y.output, Tensor({1, 2, 1, 2}, {a, 3 * a, -b, b})));
}

TEST(ChannelAttention, AsInPyTorch) {
  Rng rng(1);
  expect_matches_stored("channel_attention", ChannelAttention(5, 2, rng));
}

TEST(ChannelAttention, PlacesMayChangePlaces) {
  Rng rng(1);
  expect_places_may_change_places(ChannelAttention(4, 2, rng));
}

// One bright place hardly moves the mean of many: that is why the maximum is asked, too.
TEST(ChannelAttention, SeesTheMaximumBesidesTheMean) {
  Rng rng(1);
  const ChannelAttention layer(2, 1, rng);
  const Tensor flat({1, 2, 1, 4}, {1, 1, 1, 1, 0, 0, 0, 0});
  const Tensor peak({1, 2, 1, 4}, {4, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_FALSE(close(layer(peak).gate, layer(flat).gate.value()));
}

// ---- SpatialAttention

// Mean and maximum over two channels, 1 and 2 | 3 and 6 | 0 and 0, read by one tap each: the
// middle of the mean, and the right neighbour of the maximum.
TEST(SpatialAttention, ByHand) {
  Rng rng(1);
  const SpatialAttention layer(3, rng);
  set_parameter(layer, "look.weight",
                {0, 0, 0, 0, 1, 0, 0, 0, 0,  //
                 0, 0, 0, 0, 0, -1, 0, 0, 0});
  const nn::Gated y = layer(Tensor({1, 2, 1, 3}, {2, 0, 0, 0, 6, 0}));
  const Scalar a = squashed(1 - 6), b = squashed(3 - 0), c = squashed(0);
  EXPECT_TRUE(close(y.gate, Tensor({1, 1, 3}, {a, b, c})));
  EXPECT_TRUE(close(y.output, Tensor({1, 2, 1, 3}, {2 * a, 0, 0, 0, 6 * b, 0})));
}

TEST(SpatialAttention, AsInPyTorch) {
  Rng rng(1);
  expect_matches_stored("spatial_attention", SpatialAttention(3, rng));
}

TEST(SpatialAttention, ChannelsMayChangePlaces) {
  Rng rng(1);
  const SpatialAttention layer(3, rng);
  const Variable x = random_tensor({2, 5, 3, 4});
  const nn::Gated y = layer(x), turned = layer(reversed(x, 1));
  EXPECT_TRUE(close(turned.gate, y.gate.value()));
  EXPECT_TRUE(close(turned.output, reversed(y.output, 1).value()));
}

// Other than a gate for channels, it has to know where things stand.
TEST(SpatialAttention, ShiftsWithTheImage) {
  Rng rng(1);
  const SpatialAttention layer(3, rng);
  const Variable inner = random_tensor({1, 2, 2, 2});
  const auto framed = [&](Index left) {
    const Variable beside =
        concat({Tensor({1, 2, 2, left}), inner, Tensor({1, 2, 2, 6 - left})}, 3);
    return concat({Tensor({1, 2, 2, 8}), beside, Tensor({1, 2, 2, 8})}, 2);
  };
  const Variable here = layer(framed(1)).gate, there = layer(framed(3)).gate;
  EXPECT_TRUE(close(slice(there, 2, 2, 8), slice(here, 2, 0, 6).value()));
  EXPECT_FALSE(close(there, here.value()));
}

TEST(SpatialAttention, EveryKernelThatHasAMiddleKeepsTheSize) {
  for (const Index kernel : {1, 3, 7}) {
    Rng rng(1);
    const SpatialAttention layer(kernel, rng);
    const nn::Gated y = layer(random_tensor({2, 3, 4, 5}));
    EXPECT_EQ(y.gate.shape(), (Shape{2, 4, 5})) << kernel;
    EXPECT_EQ(y.output.shape(), (Shape{2, 3, 4, 5})) << kernel;
  }
}

// ---- Cbam

TEST(Cbam, NamesAndShapes) {
  Rng rng(1);
  const Cbam layer(6, 3, 5, rng);
  EXPECT_EQ(names_of(layer),
            (std::vector<std::string>{"channel.excitation.reduce.weight",
                                      "channel.excitation.reduce.bias",
                                      "channel.excitation.increase.weight",
                                      "channel.excitation.increase.bias", "spatial.look.weight"}));
  const nn::Refined y = layer(random_tensor({2, 6, 3, 4}));
  EXPECT_EQ(y.output.shape(), (Shape{2, 6, 3, 4}));
  EXPECT_EQ(y.channels.shape(), (Shape{2, 6}));
  EXPECT_EQ(y.places.shape(), (Shape{2, 3, 4}));
}

// The channels' gates are 1/2; the places look at the mean of what is left.
TEST(Cbam, ByHandTheChannelsComeFirst) {
  Rng rng(1);
  const Cbam layer(1, 1, 1, rng);
  set_all_parameters(layer, 0);
  set_parameter(layer, "spatial.look.weight", {1, 0});
  const nn::Refined y = layer(Tensor({1, 1, 1, 2}, {2, -4}));
  EXPECT_TRUE(close(y.channels, Tensor({1, 1}, Scalar(0.5))));
  EXPECT_TRUE(close(y.places, Tensor({1, 1, 2}, {squashed(1), squashed(-2)})));
  EXPECT_TRUE(close(y.output, Tensor({1, 1, 1, 2}, {squashed(1), -2 * squashed(-2)})));
}

TEST(Cbam, AsInPyTorch) {
  const Reference stored("cbam");
  Rng rng(1);
  const Cbam layer(4, 2, 5, rng);
  stored.load_into(layer);
  const Variable x = stored.input("x");
  const nn::Refined y = layer(x);
  stored.expect_matches({{"y", y.output}, {"channels", y.channels}, {"places", y.places}},
                        {{"x", x}}, layer);
}

TEST(Cbam, EveryParameterLearns) {
  Rng rng(1);
  const Cbam both(6, 2, 3, rng);
  expect_every_parameter_learns(both, both(random_tensor({4, 6, 3, 3})).output);
  const ChannelAttention channels(6, 2, rng);
  expect_every_parameter_learns(channels, channels(random_tensor({4, 6, 3, 3})).output);
  const SpatialAttention places(3, rng);
  expect_every_parameter_learns(places, places(random_tensor({4, 6, 3, 3})).output);
}

TEST(Cbam, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(Cbam(4, 2, 3, one), Cbam(4, 2, 3, same));
}

TEST(Cbam, RefusesOtherOptions) {
  const auto refused = [](Index channels, Index reduction, Index kernel) {
    return refusal<ValueError>([&] {
      Rng rng(1);
      Cbam(channels, reduction, kernel, rng);
    });
  };
  EXPECT_EQ(refused(4, 8, 7), "Excitation: a reduction by 8 leaves none of 4 channels");
  EXPECT_EQ(refused(4, 2, 0), "SpatialAttention: kernel must be at least 1, got 0");
  EXPECT_EQ(refused(4, 2, 4), "SpatialAttention: the kernel must be odd, got 4");
}

TEST(Cbam, RefusesOtherShapes) {
  Rng rng(1);
  EXPECT_EQ(refusal<ShapeError>([&] {
              Cbam(4, 2, 3, rng)(random_tensor({2, 3, 5, 5}));
            }),
            "ChannelAttention: x [B, C, Y, X]: expected [any, 4, any, any], got [2, 3, 5, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              SpatialAttention(3, rng)(random_tensor({3, 5, 5}));
            }),
            "SpatialAttention: x [B, C, Y, X]: expected [any, any, any, any], got [3, 5, 5]");
}

}  // namespace
}  // namespace rapt
