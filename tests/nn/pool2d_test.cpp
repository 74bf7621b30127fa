// Pooling of images.
#include "nn/pool2d.h"

#include <limits>

#include "tests/nn/module_checks.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

const Tensor kImage({1, 1, 3, 4}, {1, 2, 3, 4, 8, 7, 6, 5, -9, -8, -7, -6});

TEST(Pool2d, ByHand) {
  const Window two{.kernel = 2, .stride = 2};
  EXPECT_TRUE(close(nn::max_pool(kImage, two), Tensor({1, 1, 1, 2}, {8, 6})));
  EXPECT_TRUE(close(nn::average_pool(kImage, two), Tensor({1, 1, 1, 2}, {4.5, 4.5})));
  EXPECT_TRUE(close(nn::global_average_pool(kImage), Tensor({1, 1}, 0.5)));
  EXPECT_TRUE(close(nn::global_max_pool(kImage), Tensor({1, 1}, 8)));
}

TEST(Pool2d, PaddingNeverWinsButCountsAsZeros) {
  const Window window{.kernel = 3, .stride = 3, .padding = {0, 1}};
  const Tensor below({1, 1, 3, 2}, -3);
  EXPECT_TRUE(close(nn::max_pool(below, window), Tensor({1, 1, 1, 1}, -3)));
  EXPECT_TRUE(close(nn::average_pool(below, window), Tensor({1, 1, 1, 1}, -2)));
}

TEST(Pool2d, TheFirstOfSeveralLargestGetsTheGradient) {
  const Variable x(Tensor({1, 1, 2, 2}, {1, 5, 5, 5}), true);
  backward(sum(nn::max_pool(x, {.kernel = 2})));
  EXPECT_TRUE(close(x.grad(), Tensor({1, 1, 2, 2}, {0, 1, 0, 0})));
}

TEST(Pool2d, ANanIsSeenAndMinusInfinityIsANumber) {
  constexpr Scalar kNan = std::numeric_limits<Scalar>::quiet_NaN();
  constexpr Scalar kLeast = -std::numeric_limits<Scalar>::infinity();
  const Tensor x({1, 1, 2, 4}, {9, kNan, kLeast, kLeast, 1, 2, kLeast, kLeast});
  const std::vector<Scalar> y = nn::max_pool(x, {.kernel = 2, .stride = 2}).value().values();
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], kLeast);
}

class PyTorchPool2d : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchPool2d, ForwardAndGradients) {
  const Reference stored(std::string("pool2d_") + GetParam());
  const Window window = stored.window();
  const Variable x = stored.input("x");
  stored.expect_matches({{"max", nn::max_pool(x, window)},
                         {"average", nn::average_pool(x, window)},
                         {"global_average", nn::global_average_pool(x)},
                         {"global_max", nn::global_max_pool(x)}},
                        {{"x", x}});
}

INSTANTIATE_TEST_SUITE_P(Options, PyTorchPool2d, testing::Values("plain", "padded"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Pool2d, FlattenKeepsTheOrder) {
  const Tensor x = random_tensor({2, 3, 2, 2});
  EXPECT_TRUE(close(nn::flatten(x), x.reshape({2, 12})));
  EXPECT_EQ(nn::flatten(Tensor({0, 3, 2})).shape(), (Shape{0, 6}));
  EXPECT_EQ(nn::flatten(Tensor(Shape{3})).shape(), (Shape{3, 1}));
  EXPECT_EQ(refusal<ValueError>([] { nn::flatten(Scalar(1)); }),
            "flatten: axes of x [B, ..] must be at least 1, got 0");
}

TEST(Pool2d, ByPlaceGoesRowAfterRow) {
  const Tensor x({1, 2, 2, 3}, {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15});
  EXPECT_TRUE(
      close(nn::by_place(x), Tensor({1, 6, 2}, {0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15})));
  EXPECT_EQ(refusal<ShapeError>([] {
              nn::by_place(Tensor({2, 3, 4}));
            }),
            "by_place: x [B, C, Y, X]: expected [any, any, any, any], got [2, 3, 4]");
}

TEST(Pool2d, RefusesWhatDoesNotFit) {
  const Tensor x = random_tensor({2, 3, 4, 1});
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::max_pool(x.reshape({2, 3, 4}), {.kernel = 1});
            }),
            "max_pool: x [B, C, Y, X]: expected [any, any, any, any], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::global_max_pool(x.reshape({2, 3, 4}));
            }),
            "global_max_pool: x [B, C, Y, X]: expected [any, any, any, any], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { nn::average_pool(x, {.kernel = 2}); }),
            "average_pool: the window spans [2, 2], the image [4, 1] has [4, 1] with its padding");
  EXPECT_EQ(refusal<ValueError>([&] { nn::average_pool(x, {.stride = 0}); }),
            "average_pool: stride must be at least 1, got [0, 0]");
  EXPECT_EQ(refusal<ValueError>([&] {
              nn::max_pool(x, {.kernel = {3, 1}, .padding = {1, 1}});
            }),
            "max_pool: padding must be at most half the kernel [3, 1], got [1, 1]; "
            "a window could see padding only");
}

// Two cells, one on either side of an image of one column.
TEST(Pool2d, RefusesADilatedWindowThatSeesPaddingOnly) {
  const Tensor x = random_tensor({2, 3, 1, 1});
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::max_pool(x, {.kernel = {1, 2}, .dilation = 2, .padding = {0, 1}});
            }),
            "max_pool: a window of [1, 2] sees only padding around the image [1, 1]");
}

}  // namespace
}  // namespace rapt
