#include "nn/conv2d.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

void expect_valid(Index in, Index out, const Conv2dOptions& options) {
  expect_at_least("Conv2d: in", in, 1);
  expect_at_least("Conv2d: out", out, 1);
  expect_at_least("Conv2d: groups", options.groups, 1);
  options.window.expect_valid("Conv2d");
  if (in % options.groups != 0 || out % options.groups != 0)
    throw ValueError(message("Conv2d: ", options.groups, " groups do not divide ", in,
                             " channels in and ", out, " out"));
}

// PyTorch's bound for weights [out, in / groups, ky, kx] and for the bias.
Scalar bound(const Shape& weight) {
  return 1 / std::sqrt(Scalar(weight[1] * weight[2] * weight[3]));
}

Tensor initial_weight(Index in, Index out, const Conv2dOptions& options, Rng& rng) {
  expect_valid(in, out, options);
  const Pair kernel = options.window.kernel;
  const Shape shape{out, in / options.groups, kernel.y, kernel.x};
  return uniform(shape, bound(shape), rng);
}

}  // namespace

Conv2d::Conv2d(Index in, Index out, const Conv2dOptions& options, Rng& rng)
    : weight(parameter("weight", initial_weight(in, out, options, rng))), options_(options) {
  if (options.bias) bias = parameter("bias", uniform({out}, bound(weight.shape()), rng));
}

Variable Conv2d::operator()(const Variable& x) const {
  expect_shape("Conv2d: x [B, in, Y, X]", x, {kAny, weight.dim(1) * options_.groups, kAny, kAny});
  options_.window.places("Conv2d", {x.dim(2), x.dim(3)});  // refuses an image that is too small
  const Variable y = convolve(x, weight, options_.window, options_.groups);
  return bias ? y + reshape(*bias, {weight.dim(0), 1, 1}) : y;
}

}  // namespace rapt::nn
