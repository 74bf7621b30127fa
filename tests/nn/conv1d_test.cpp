// Conv1d by hand and against PyTorch; TemporalConvNet and how far back it sees.
#include "nn/conv1d.h"

#include "nn/temporal_conv_net.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::Conv1d;
using nn::Conv1dOptions;
using nn::TemporalConvNet;
using nn::TemporalOptions;

// One feature in and out, the taps 1, 10, 100 and no bias: digits show who was read.
Conv1d digits(const Conv1dOptions& options) {
  Rng rng(1);
  Conv1d conv(1, 1, options, rng);
  set_parameter(conv, "weight", {1, 10, 100});
  set_parameter(conv, "bias", {0});
  return conv;
}

Tensor sequence(const std::vector<Scalar>& values) {
  return Tensor({1, static_cast<Index>(values.size()), 1}, values);
}

TEST(Conv1d, EachTapReadsItsStep) {
  const Tensor x = sequence({1, 2, 3, 4, 5});
  EXPECT_TRUE(close(digits({})(x), sequence({321, 432, 543})));
  EXPECT_TRUE(close(digits({.stride = 2})(x), sequence({321, 543})));
  EXPECT_TRUE(close(digits({.dilation = 2})(x), sequence({531})));
  EXPECT_TRUE(close(digits({.stride = 3, .left = 1, .right = 2})(x), sequence({210, 543})));
}

TEST(Conv1d, CausalPadsOnTheLeftAndCentredOnBothSides) {
  const Tensor x = sequence({1, 2, 3, 4});
  EXPECT_TRUE(close(digits(Conv1dOptions::causal(3))(x), sequence({100, 210, 321, 432})));
  EXPECT_TRUE(close(digits(Conv1dOptions::causal(3, 2))(x), sequence({100, 200, 310, 420})));
  EXPECT_TRUE(close(digits(Conv1dOptions::centred(3))(x), sequence({210, 321, 432, 43})));
  const Conv1dOptions even = Conv1dOptions::centred(4);
  EXPECT_EQ(even.left, 1);
  EXPECT_EQ(even.right, 2);
}

TEST(Conv1d, GroupsReadTheirOwnFeatures) {
  Rng rng(1);
  const Conv1d conv(4, 2, {.kernel = 1, .groups = 2}, rng);
  EXPECT_EQ(conv.weight.shape(), (Shape{2, 2, 1}));
  set_parameter(conv, "weight", {1, 10, 100, 1000});
  set_parameter(conv, "bias", {Scalar(0.5), 0});
  EXPECT_TRUE(close(conv(Tensor({1, 1, 4}, {1, 2, 3, 4})), Tensor({1, 1, 2}, {21.5, 4300})));
}

TEST(Conv1d, OneTapIsALinearLayer) {
  Rng rng(1);
  const Conv1d conv(3, 4, {.kernel = 1}, rng);
  const Variable x = random_tensor({2, 5, 3});
  const Variable y = matmul(x, transpose(reshape(conv.weight, {4, 3}))) + conv.bias;
  EXPECT_TRUE(close(conv(x), y.value()));
}

class PyTorchConv1d : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchConv1d, ForwardAndGradients) {
  const Reference stored(std::string("conv1d_") + GetParam());
  const auto option = [&](const char* key) { return static_cast<Index>(stored.option(key)); };
  Rng rng(1);
  const Conv1d conv(4, 6,
                    {.kernel = option("kernel"),
                     .stride = option("stride"),
                     .dilation = option("dilation"),
                     .groups = option("groups"),
                     .left = option("left"),
                     .right = option("right")},
                    rng);
  stored.load_into(conv);
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", conv(x)}}, {{"x", x}}, conv);
}

INSTANTIATE_TEST_SUITE_P(Options, PyTorchConv1d,
                         testing::Values("plain", "strided", "dilated", "grouped"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Conv1d, StartsWithinOneOverTheRootOfWhatItReads) {
  Rng rng(1);
  const Conv1d conv(16, 40, {.kernel = 8, .groups = 2}, rng);  // reads 8 features at 8 steps
  for (const NamedVariable& p : conv.named_parameters()) {
    EXPECT_LE(largest_magnitude(p.variable.value()), 0.125) << p.name;
    EXPECT_GT(largest_magnitude(p.variable.value()), 0.11) << p.name;
  }
}

TEST(Conv1d, EveryParameterLearns) {
  Rng rng(1);
  const Conv1d conv(4, 6, {.kernel = 3, .stride = 2, .dilation = 2, .groups = 2}, rng);
  EXPECT_EQ(names_of(conv), (std::vector<std::string>{"weight", "bias"}));
  expect_every_parameter_learns(conv, conv(random_tensor({2, 9, 4})));
}

TEST(Conv1d, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(Conv1d(3, 4, {}, one), Conv1d(3, 4, {}, same));
}

TEST(Conv1d, RefusesOtherOptions) {
  const auto refused = [](const Conv1dOptions& options) {
    return refusal<ValueError>([&] {
      Rng rng(1);
      Conv1d(4, 6, options, rng);
    });
  };
  EXPECT_EQ(refused({.kernel = 0}), "Conv1d: kernel must be at least 1, got 0");
  EXPECT_EQ(refused({.stride = 0}), "Conv1d: stride must be at least 1, got 0");
  EXPECT_EQ(refused({.dilation = 0}), "Conv1d: dilation must be at least 1, got 0");
  EXPECT_EQ(refused({.groups = 0}), "Conv1d: groups must be at least 1, got 0");
  EXPECT_EQ(refused({.left = -1}), "Conv1d: left must be at least 0, got -1");
  EXPECT_EQ(refused({.right = -2}), "Conv1d: right must be at least 0, got -2");
  EXPECT_EQ(refused({.groups = 4}), "Conv1d: 4 groups do not divide 4 features in and 6 out");
  EXPECT_EQ(refused({.groups = 3}), "Conv1d: 3 groups do not divide 4 features in and 6 out");
  EXPECT_EQ(refusal<ValueError>([] {
              Rng rng(1);
              Conv1d(0, 6, {}, rng);
            }),
            "Conv1d: in must be at least 1, got 0");
}

TEST(Conv1d, RefusesOtherShapes) {
  Rng rng(1);
  const Conv1d conv(4, 6, {.kernel = 3, .dilation = 2, .left = 1}, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              conv(random_tensor({2, 5, 3}));
            }),
            "Conv1d: x [B, T, in]: expected [any, any, 4], got [2, 5, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              conv(random_tensor({2, 3, 4}));
            }),
            "Conv1d: the kernel spans 5 steps, x [B, T, in] of [2, 3, 4] has 4 with its padding");
  EXPECT_EQ(conv(random_tensor({2, 4, 4})).shape(), (Shape{2, 1, 6}));
  EXPECT_EQ(conv(Tensor({0, 4, 4})).shape(), (Shape{0, 1, 6}));
}

// ---- TemporalConvNet

TEST(TemporalConvNet, NamesAndShapes) {
  Rng rng(1);
  const TemporalConvNet net({.in = 3, .channels = 4, .levels = 2, .kernel = 2}, rng);
  EXPECT_EQ(names_of(net),
            (std::vector<std::string>{"blocks.0.conv1.weight", "blocks.0.conv1.bias",
                                      "blocks.0.conv2.weight", "blocks.0.conv2.bias",
                                      "blocks.0.skip.weight", "blocks.0.skip.bias",
                                      "blocks.1.conv1.weight", "blocks.1.conv1.bias",
                                      "blocks.1.conv2.weight", "blocks.1.conv2.bias"}));
  EXPECT_EQ(net(random_tensor({2, 5, 3})).shape(), (Shape{2, 5, 4}));
}

// x = 1, 0, 0, ..; all weights 1: F(x) is the number of ways through two convolutions of two taps,
// 1 2 1, and the residual adds x.
TEST(TemporalConvNet, ABlockByHand) {
  Rng rng(1);
  const nn::TemporalBlock block(1, 1, 2, 2, 0, rng);
  set_all_parameters(block, 1);
  for (const char* bias : {"conv1.bias", "conv2.bias"}) set_parameter(block, bias, {0});
  EXPECT_TRUE(close(block(sequence({1, 0, 0, 0, 0, 0})), sequence({2, 0, 2, 0, 1, 0})));
  EXPECT_TRUE(close(block(sequence({-1, 0, 0, 0, 0, 0})), sequence({0, 0, 0, 0, 0, 0})));
}

// With positive weights nothing is cut off or cancelled: what can be seen is seen.
TEST(TemporalConvNet, SeesExactlyItsReceptiveField) {
  for (const TemporalOptions& options :
       {TemporalOptions{.in = 2, .channels = 3, .levels = 1, .kernel = 3},
        TemporalOptions{.in = 2, .channels = 2, .levels = 3, .kernel = 2},
        TemporalOptions{.in = 1, .channels = 2, .levels = 3, .kernel = 3}}) {
    Rng rng(1);
    const TemporalConvNet net(options, rng);
    set_all_parameters(net, Scalar(0.3));
    const Index field = net.receptive_field(), time = field + 3;
    EXPECT_EQ(field, 1 + 2 * (options.kernel - 1) * ((1 << options.levels) - 1));
    const Variable x(Tensor({1, time, options.in}, 1), true);
    const auto last = [&](const Variable& in) { return slice(net(in), 1, time - 1, time); };
    const auto with_a_change_at = [&](Index t) {
      Tensor changed = copy(x.value());
      changed.data()[t * options.in] += 1;
      return last(changed);
    };
    EXPECT_TRUE(same_bits(with_a_change_at(time - field - 1), last(x)));
    EXPECT_FALSE(same_bits(with_a_change_at(time - field), last(x)));
    backward_at_random(last(x));
    EXPECT_EQ(largest_magnitude(x.grad().slice(1, 0, time - field)), 0);
    EXPECT_GT(largest_magnitude(x.grad().slice(1, time - field, time - field + 1)), 0);
  }
}

TEST(TemporalConvNet, EveryParameterLearns) {
  Rng rng(1);
  const TemporalConvNet net({.in = 3, .channels = 6, .levels = 3, .kernel = 2, .dropout = 0.1},
                            rng);
  expect_every_parameter_learns(net, net(random_tensor({4, 12, 3})));
}

TEST(TemporalConvNet, DropsInTrainingOnly) {
  Rng rng(1);
  TemporalConvNet net({.in = 3, .channels = 6, .levels = 1, .dropout = 0.5}, rng);
  const Variable x = random_tensor({2, 8, 3});
  EXPECT_FALSE(same_bits(net(x), net(x)));
  net.eval();
  EXPECT_TRUE(same_bits(net(x), net(x)));
}

TEST(TemporalConvNet, RefusesWhatDoesNotFit) {
  Rng rng(1);
  const TemporalConvNet net({.in = 3}, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              net(random_tensor({2, 5, 4}));
            }),
            "TemporalConvNet: x [B, T, in]: expected [any, any, 3], got [2, 5, 4]");
  EXPECT_EQ(refusal<ValueError>([&] { TemporalConvNet({.levels = 0}, rng); }),
            "TemporalConvNet: levels must be at least 1, got 0");
}

}  // namespace
}  // namespace rapt
