#include "nn/conv1d.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

void expect_valid(Index in, Index out, const Conv1dOptions& options) {
  expect_at_least("Conv1d: in", in, 1);
  expect_at_least("Conv1d: out", out, 1);
  expect_at_least("Conv1d: kernel", options.kernel, 1);
  expect_at_least("Conv1d: stride", options.stride, 1);
  expect_at_least("Conv1d: dilation", options.dilation, 1);
  expect_at_least("Conv1d: groups", options.groups, 1);
  expect_at_least("Conv1d: left", options.left, 0);
  expect_at_least("Conv1d: right", options.right, 0);
  if (in % options.groups != 0 || out % options.groups != 0)
    throw ValueError(message("Conv1d: ", options.groups, " groups do not divide ", in,
                             " features in and ", out, " out"));
}

// PyTorch's bound for weights [out, in / groups, kernel] and for the bias.
Scalar bound(const Shape& weight) { return 1 / std::sqrt(Scalar(weight[1] * weight[2])); }

Tensor initial_weight(Index in, Index out, const Conv1dOptions& options, Rng& rng) {
  expect_valid(in, out, options);
  const Shape shape{out, in / options.groups, options.kernel};
  return uniform(shape, bound(shape), rng);
}

}  // namespace

Conv1dOptions Conv1dOptions::causal(Index kernel, Index dilation) {
  Conv1dOptions options;
  options.kernel = kernel;
  options.dilation = dilation;
  options.left = (kernel - 1) * dilation;
  return options;
}

Conv1dOptions Conv1dOptions::centred(Index kernel, Index dilation) {
  Conv1dOptions options = causal(kernel, dilation);
  options.right = options.left - options.left / 2;
  options.left /= 2;
  return options;
}

Conv1d::Conv1d(Index in, Index out, const Conv1dOptions& options, Rng& rng)
    : weight(parameter("weight", initial_weight(in, out, options, rng))),
      bias(parameter("bias", uniform({out}, bound(weight.shape()), rng))),
      options_(options) {}

Variable Conv1d::padded(const Variable& x) const {
  if (options_.left == 0 && options_.right == 0) return x;
  const Index batch = x.dim(0), in = x.dim(2);
  return concat({Tensor({batch, options_.left, in}), x, Tensor({batch, options_.right, in})}, 1);
}

Variable Conv1d::operator()(const Variable& x) const {
  const Index groups = options_.groups, kernel = options_.kernel, stride = options_.stride;
  const Index in = weight.dim(1), out = weight.dim(0) / groups;  // of one group
  expect_shape("Conv1d: x [B, T, in]", x, {kAny, kAny, groups * in});
  const Variable source = padded(x);
  if (source.dim(1) < span())
    throw ShapeError(message("Conv1d: the kernel spans ", span(), " steps, x [B, T, in] of ",
                             x.shape(), " has ", source.dim(1), " with its padding"));
  const Index batch = x.dim(0), steps = (source.dim(1) - span()) / stride + 1;

  // What each output reads, tap by tap: then all is one product for each group.
  std::vector<Variable> taps;
  for (Index k = 0; k < kernel; ++k) {
    const Index begin = k * options_.dilation, end = begin + (steps - 1) * stride + 1;
    taps.push_back(reshape(slice(source, 1, begin, end, stride), {batch, steps, groups, in}));
  }
  const Variable read = permute(concat(taps, -1), {0, 2, 1, 3});  // [B, groups, T', kernel * in]
  // [out, in, kernel] -> [groups, kernel * in, out of one group]
  const Variable w = permute(reshape(weight, {groups, out, in, kernel}), {0, 3, 2, 1});
  const Variable y = matmul(read, reshape(w, {groups, kernel * in, out}));
  return reshape(permute(y, {0, 2, 1, 3}), {batch, steps, groups * out}) + bias;
}

}  // namespace rapt::nn
