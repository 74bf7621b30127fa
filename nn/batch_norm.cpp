#include "nn/batch_norm.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

Scalar checked_momentum(Scalar momentum) {
  if (!(momentum >= 0 && momentum <= 1))
    throw ValueError(message("BatchNorm: momentum must lie in [0, 1], got ", momentum));
  return momentum;
}

Scalar checked_epsilon(Scalar epsilon) {
  if (!(epsilon >= 0) || std::isinf(epsilon))
    throw ValueError(message("BatchNorm: epsilon must be finite and not below 0, got ", epsilon));
  return epsilon;
}

Index checked_channels(Index channels) {
  expect_at_least("BatchNorm: channels", channels, 1);
  return channels;
}

// average + momentum (newest - average)
Tensor followed(const Tensor& average, const Tensor& newest, Scalar momentum) {
  return zip("BatchNorm", average, newest,
             [momentum](Scalar a, Scalar b) { return a + momentum * (b - a); });
}

}  // namespace

BatchNorm::BatchNorm(Index channels, Scalar momentum, Scalar epsilon)
    : weight(parameter("weight", Tensor({checked_channels(channels)}, 1))),
      bias(parameter("bias", Tensor(Shape{channels}))),
      momentum_(checked_momentum(momentum)),
      epsilon_(checked_epsilon(epsilon)),
      running_mean_(Shape{channels}),
      running_variance_({channels}, 1) {}

Variable BatchNorm::operator()(const Variable& x) const {
  const Index channels = weight.dim(0);
  if (x.rank() < 2 || x.dim(1) != channels)
    throw ShapeError(
        message("BatchNorm: x [B, C, ..]: expected [any, ", channels, ", ..], got ", x.shape()));
  Index places = 1;
  for (Index axis = 2; axis < x.rank(); ++axis) places *= x.dim(axis);
  const Index batch = x.dim(0), count = batch * places;
  const Variable flat = reshape(x, {batch, channels, places});
  const Variable scale = reshape(weight, {channels, 1});
  const Variable shift = reshape(bias, {channels, 1});
  if (!training()) {
    const Tensor mean = running_mean_.reshape({channels, 1});
    const Tensor deviation = map(running_variance_.reshape({channels, 1}),
                                 [e = epsilon_](Scalar v) { return std::sqrt(v + e); });
    const Variable slope = scale / deviation;
    return reshape((flat - mean) * slope + shift, x.shape());
  }
  if (count < 2)
    throw ShapeError(
        message("BatchNorm: training needs two numbers or more for each channel, "
                "x [B, C, ..] is ",
                x.shape()));
  const Variable rows = reshape(permute(flat, {1, 0, 2}), {channels, count});
  {
    const NoGrad no_grad;
    const Variable numbers = rows.detach(), mean = rapt::mean(numbers, -1, true);
    const Variable apart = numbers - mean;
    const Variable variance = sum(apart * apart, -1) / static_cast<Scalar>(count - 1);
    running_mean_ = followed(running_mean_, mean.value().reshape({channels}), momentum_);
    running_variance_ = followed(running_variance_, variance.value(), momentum_);
  }
  const Variable y = normalize(rows, epsilon_) * scale + shift;
  return reshape(permute(reshape(y, {channels, batch, places}), {1, 0, 2}), x.shape());
}

}  // namespace rapt::nn
