// The fused convolution and the formula that it stands for.
#include "autograd/convolution.h"

#include "tensor/parallel.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

struct Case {
  const char* name;
  Shape x, w;
  Window window;
  Index groups = 1;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

const Case kCases[] = {
    {"plain", {5, 3, 6, 7}, {4, 3, 3, 3}, {.kernel = 3}},
    {"padded", {7, 2, 10, 10}, {17, 2, 3, 2}, {.kernel = {3, 2}, .padding = {1, 1}}},
    {"wide", {2, 1, 20, 40}, {5, 1, 1, 7}, {.kernel = {1, 7}, .padding = {0, 3}}},
    {"dilated", {3, 2, 9, 8}, {3, 2, 2, 3}, {.kernel = {2, 3}, .dilation = {3, 2}, .padding = 2}},
    {"far_padding", {2, 2, 4, 3}, {3, 2, 2, 2}, {.kernel = 2, .padding = {2, 3}}},
    {"grouped", {6, 4, 10, 10}, {6, 2, 3, 3}, {.kernel = 3, .padding = 1}, 2},
    {"strided", {9, 4, 11, 10}, {6, 2, 3, 3}, {.kernel = 3, .stride = {2, 3}, .padding = 1}, 2},
    {"strided_one_way", {2, 1, 30, 30}, {2, 1, 4, 4}, {.kernel = 4, .stride = {1, 2}}},
    {"one_image_one_place", {1, 3, 2, 2}, {1, 3, 2, 2}, {.kernel = 2}},
    {"no_image", {0, 3, 4, 4}, {2, 3, 2, 2}, {.kernel = 2}},
};

class Convolution : public testing::TestWithParam<Case> {
 protected:
  const Case& one = GetParam();
  const Variable x = random_input(one.x), w = random_input(one.w, 2);
};

TEST_P(Convolution, EqualsTheProductWithWhatTheWindowSees) {
  const Variable fused = convolve(x, w, one.window, one.groups);
  const Variable composed = convolve_composed(x, w, one.window, one.groups);
  EXPECT_TRUE(same_bits(fused, composed));
  const Tensor g = random_tensor(fused.shape(), 3);
  const std::vector<Variable> got = grad(fused, {x, w}, g);
  const std::vector<Variable> expected = grad(composed, {x, w}, g);
  EXPECT_TRUE(close(got[0].value(), expected[0].value(), 4 * kClose)) << "x";
  EXPECT_TRUE(close(got[1].value(), expected[1].value(), 4 * kClose)) << "w";
}

TEST_P(Convolution, SameBitsForAnyNumberOfThreadsAndAnyStrides) {
  const int before = thread_count();
  std::vector<Tensor> results;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const bool turn = threads == 3;  // the same numbers, lying in another order
    const auto laid = [turn](const Variable& v) {
      return turn ? Variable(copy(v.value().transpose(2, 3)).transpose(2, 3)) : v;
    };
    const Variable y = convolve(laid(x), laid(w), one.window, one.groups);
    results.push_back(y.value());
    const Variable again = convolve(x, w, one.window, one.groups);
    const Variable g = laid(random_tensor(y.shape(), 3));
    for (const Variable& gradient : grad(again, {x, w}, g)) results.push_back(gradient.value());
  }
  set_thread_count(before);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(same_bits(results[i], results[i + 3])) << i;
}

INSTANTIATE_TEST_SUITE_P(Cases, Convolution, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

// One filter used twice: whatever reaches it through x must not be counted by both uses.
TEST(ConvolutionTwice, HasTheSameGradientWithAndWithoutAGraph) {
  const Variable x = random_input({2, 1, 6, 6}), w = random_input({1, 1, 3, 3}, 2);
  const Variable y = convolve(convolve(x, w, {.kernel = 3}), w, {.kernel = 3});
  const Tensor g = random_tensor(y.shape(), 3);
  const std::vector<Variable> plain = grad(y, {x, w}, g), graph = grad(y, {x, w}, g, true);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(close(graph[i], plain[i].value())) << i;
}

TEST(ConvolutionInput, RefusesWeightsThatDoNotFit) {
  const Variable x = random_tensor({2, 4, 5, 5}), w = random_tensor({6, 3, 3, 3});
  EXPECT_EQ(
      refusal<ShapeError>([&] { convolve(x, w, {.kernel = 3}, 2); }),
      "convolve: x [B, in, Y, X] and weight [out, in / groups, ky, kx] of 2 groups do not fit: "
      "[2, 4, 5, 5] and [6, 3, 3, 3]");
}

}  // namespace
}  // namespace rapt
