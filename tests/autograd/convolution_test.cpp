// The fused convolution is the composed one, and so are its gradients.
#include "autograd/convolution.h"

#include "tensor/parallel.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

struct Case {
  Shape x, weight;
  Window window;
  Index groups;
};

// Together they take every way through the fused kernels: short and long runs, strides, dilation,
// padding of a whole window, groups, more outputs than inputs and fewer.
const std::vector<Case> kCases = {
    {{2, 3, 5, 6}, {4, 3, 3, 3}, {.kernel = 3, .padding = 1}, 1},
    {{2, 4, 5, 6}, {2, 4, 3, 3}, {.kernel = 3, .padding = 1}, 1},
    {{1, 2, 20, 37}, {2, 2, 3, 3}, {.kernel = 3, .padding = 1}, 1},
    {{2, 4, 9, 8}, {6, 2, 2, 3}, {.kernel = {2, 3}, .stride = {2, 1}, .dilation = {1, 2}}, 2},
    {{2, 4, 9, 8}, {4, 1, 3, 3}, {.kernel = 3, .dilation = 2, .padding = 2}, 4},
    {{3, 2, 4, 4}, {1, 2, 7, 7}, {.kernel = 7, .padding = 3}, 1},
    {{2, 2, 3, 3}, {2, 2, 1, 1}, {.kernel = 1, .padding = 2}, 1},
    {{2, 1, 1, 9}, {3, 1, 1, 4}, {.kernel = {1, 4}, .stride = 3, .padding = {0, 3}}, 1},
    {{0, 2, 3, 3}, {2, 2, 2, 2}, {.kernel = 2}, 1},
};

TEST(Convolution, FusedAndComposedAgree) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(to_string(c.x) + " " + to_string(c.weight));
    const Variable x = random_input(c.x, 1), weight = random_input(c.weight, 2);
    const Variable fused = convolve(x, weight, c.window, c.groups);
    const Variable composed = convolve_composed(x, weight, c.window, c.groups);
    EXPECT_TRUE(same_bits(fused, composed));
    const Tensor g = random_tensor(fused.shape(), 3);
    const std::vector<Variable> got = grad(fused, {x, weight}, g);
    const std::vector<Variable> expected = grad(composed, {x, weight}, g);
    EXPECT_TRUE(close(got[0], expected[0].value())) << "dL/dx";
    EXPECT_TRUE(close(got[1], expected[1].value())) << "dL/dweight";
  }
}

TEST(Convolution, ThreadsChangeNoBit) {
  const int before = thread_count();
  const Variable x = random_input({9, 4, 20, 20}, 1), weight = random_input({16, 4, 3, 3}, 2);
  std::vector<Tensor> first;
  for (const int threads : {1, 2, 3, 8}) {
    set_thread_count(threads);
    const Variable y = convolve(x, weight, {.kernel = 3, .padding = 1});
    const std::vector<Variable> d = grad(y, {x, weight}, random_tensor(y.shape(), 3));
    const std::vector<Tensor> all{y.value(), d[0].value(), d[1].value()};
    if (first.empty()) first = all;
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_TRUE(same_bits(all[i], first[i])) << threads << " threads, number " << i;
  }
  set_thread_count(before);
}

TEST(Convolution, RefusesWhatDoesNotFit) {
  const auto refused = [](const Shape& x, const Shape& weight, Index groups) {
    return refusal<ShapeError>([&] { convolve(Tensor(x), Tensor(weight), {.kernel = 2}, groups); });
  };
  EXPECT_EQ(refused({1, 2, 3, 3}, {2, 3, 2, 2}, 1),
            "convolve: x [B, in, Y, X] and weight [out, in / groups, ky, kx] of 1 groups do not "
            "fit: [1, 2, 3, 3] and [2, 3, 2, 2]");
  EXPECT_NE(refused({1, 4, 3, 3}, {3, 2, 2, 2}, 2), "nothing was refused");
  EXPECT_NE(refused({2, 3, 3}, {3, 2, 2, 2}, 1), "nothing was refused");
  EXPECT_NE(refused({1, 2, 3, 3}, {2, 2, 3, 3}, 1), "nothing was refused")
      << "the weights are not those of the window";
}

}  // namespace
}  // namespace rapt
