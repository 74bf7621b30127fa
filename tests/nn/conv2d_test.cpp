// Convolution of images.
#include "nn/conv2d.h"

#include "tests/nn/module_checks.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::Conv2d;
using nn::Conv2dOptions;

// One channel in and out, the cells 1, 10, 100, 1000 and no bias: digits show who was read.
Conv2d digits(const Window& window) {
  Rng rng(1);
  Conv2d conv(1, 1, {.window = window, .bias = false}, rng);
  set_parameter(conv, "weight", {1, 10, 100, 1000});
  return conv;
}

const Tensor kSquare({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});

Tensor image(Index rows, Index columns, const std::vector<Scalar>& values) {
  return Tensor({1, 1, rows, columns}, values);
}

TEST(Conv2d, EachCellReadsItsPlace) {
  EXPECT_TRUE(close(digits({.kernel = 2})(kSquare), image(2, 2, {5421, 6532, 8754, 9865})));
  EXPECT_TRUE(close(digits({.kernel = {1, 4}, .padding = {0, 1}})(kSquare),
                    image(3, 2, {3210, 321, 6540, 654, 9870, 987})));
  EXPECT_TRUE(close(digits({.kernel = {4, 1}, .padding = {1, 0}})(kSquare),
                    image(2, 3, {7410, 8520, 9630, 741, 852, 963})));
  EXPECT_TRUE(close(digits({.kernel = 2, .dilation = 2})(kSquare), image(1, 1, {9731})));
  EXPECT_TRUE(close(digits({.kernel = 2, .stride = {2, 1}, .padding = {1, 0}})(kSquare),
                    image(2, 2, {2100, 3200, 8754, 9865})));
}

TEST(Conv2d, GroupsReadTheirOwnChannels) {
  Rng rng(1);
  const Conv2d conv(4, 2, {.window = {.kernel = 1}, .groups = 2}, rng);
  EXPECT_EQ(conv.weight.shape(), (Shape{2, 2, 1, 1}));
  set_parameter(conv, "weight", {1, 10, 100, 1000});
  set_parameter(conv, "bias", {Scalar(0.5), 0});
  EXPECT_TRUE(close(conv(Tensor({1, 4, 1, 1}, {1, 2, 3, 4})), Tensor({1, 2, 1, 1}, {21.5, 4300})));
}

class PyTorchConv2d : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchConv2d, ForwardAndGradients) {
  const Reference stored(std::string("conv2d_") + GetParam());
  Rng rng(1);
  const Conv2d conv(
      4, 6, {.window = stored.window(), .groups = static_cast<Index>(stored.option("groups"))},
      rng);
  stored.load_into(conv);
  const Variable x = stored.input("x");
  stored.expect_matches({{"y", conv(x)}}, {{"x", x}}, conv);
}

INSTANTIATE_TEST_SUITE_P(Options, PyTorchConv2d,
                         testing::Values("plain", "strided", "dilated", "grouped"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Conv2d, StartsWithinOneOverTheRootOfWhatItReads) {
  Rng rng(1);
  const Conv2d conv(8, 40, {.window = {.kernel = {2, 8}}, .groups = 2}, rng);  // 4 x 2 x 8 numbers
  for (const NamedVariable& p : conv.named_parameters()) {
    EXPECT_LE(largest_magnitude(p.variable.value()), 0.125) << p.name;
    EXPECT_GT(largest_magnitude(p.variable.value()), 0.11) << p.name;
  }
}

TEST(Conv2d, EveryParameterLearns) {
  Rng rng(1);
  const Conv2dOptions options{.window = {.kernel = 3, .stride = 2, .padding = 1}, .groups = 2};
  const Conv2d conv(4, 6, options, rng);
  EXPECT_EQ(names_of(conv), (std::vector<std::string>{"weight", "bias"}));
  expect_every_parameter_learns(conv, conv(random_tensor({2, 4, 5, 6})));
  const Conv2d plain(2, 3, {.bias = false}, rng);
  EXPECT_EQ(names_of(plain), std::vector<std::string>{"weight"});
  expect_every_parameter_learns(plain, plain(random_tensor({2, 2, 3, 4})));
}

TEST(Conv2d, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(Conv2d(3, 4, {}, one), Conv2d(3, 4, {}, same));
}

TEST(Conv2d, RefusesOtherOptions) {
  const auto refused = [](const Conv2dOptions& options) {
    return refusal<ValueError>([&] {
      Rng rng(1);
      Conv2d(4, 6, options, rng);
    });
  };
  EXPECT_EQ(refused({.window = {.kernel = {3, 0}}}),
            "Conv2d: kernel must be at least 1, got [3, 0]");
  EXPECT_EQ(refused({.window = {.stride = {0, 1}}}),
            "Conv2d: stride must be at least 1, got [0, 1]");
  EXPECT_EQ(refused({.window = {.dilation = 0}}),
            "Conv2d: dilation must be at least 1, got [0, 0]");
  EXPECT_EQ(refused({.window = {.padding = {0, -1}}}),
            "Conv2d: padding must be at least 0, got [0, -1]");
  EXPECT_EQ(refused({.groups = 0}), "Conv2d: groups must be at least 1, got 0");
  EXPECT_EQ(refused({.groups = 4}), "Conv2d: 4 groups do not divide 4 channels in and 6 out");
  EXPECT_EQ(refused({.groups = 3}), "Conv2d: 3 groups do not divide 4 channels in and 6 out");
  EXPECT_EQ(refusal<ValueError>([] {
              Rng rng(1);
              Conv2d(4, 0, {}, rng);
            }),
            "Conv2d: out must be at least 1, got 0");
}

TEST(Conv2d, RefusesOtherShapes) {
  Rng rng(1);
  const Conv2dOptions options{.window = {.kernel = 3, .dilation = 2, .padding = {1, 0}}};
  const Conv2d conv(4, 6, options, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              conv(random_tensor({2, 3, 5, 5}));
            }),
            "Conv2d: x [B, in, Y, X]: expected [any, 4, any, any], got [2, 3, 5, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              conv(random_tensor({2, 4, 5, 4}));
            }),
            "Conv2d: the window spans [5, 5], the image [5, 4] has [7, 4] with its padding");
  EXPECT_EQ(conv(random_tensor({2, 4, 3, 5})).shape(), (Shape{2, 6, 1, 1}));
  EXPECT_EQ(conv(Tensor({0, 4, 3, 5})).shape(), (Shape{0, 6, 1, 1}));
}

}  // namespace
}  // namespace rapt
