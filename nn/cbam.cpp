#include "nn/cbam.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/pool2d.h"

namespace rapt::nn {
namespace {

// As many places behind the convolution as before it.
Conv2dOptions around_each_place(Index kernel) {
  expect_at_least("SpatialAttention: kernel", kernel, 1);
  if (kernel % 2 == 0)
    throw ValueError(message("SpatialAttention: the kernel must be odd, got ", kernel));
  return {.window = {.kernel = kernel, .padding = kernel / 2}, .bias = false};
}

}  // namespace

ChannelAttention::ChannelAttention(Index channels, Index reduction, Rng& rng)
    : channels_(channels), excitation_(child<Excitation>("excitation", channels, reduction, rng)) {}

Gated ChannelAttention::operator()(const Variable& x) const {
  expect_shape("ChannelAttention: x [B, C, Y, X]", x, {kAny, channels_, kAny, kAny});
  const Variable of_mean = excitation_(global_average_pool(x));
  const Variable of_max = excitation_(global_max_pool(x));
  const Variable gate = sigmoid(of_mean + of_max);
  return {weigh_channels(x, gate), gate};
}

SpatialAttention::SpatialAttention(Index kernel, Rng& rng)
    : look_(child<Conv2d>("look", 2, 1, around_each_place(kernel), rng)) {}

Gated SpatialAttention::operator()(const Variable& x) const {
  expect_shape("SpatialAttention: x [B, C, Y, X]", x, {kAny, kAny, kAny, kAny});
  const Variable average = mean(x, 1, true);
  const Variable largest = max(x, 1, true);
  const Variable gate = sigmoid(look_(concat({average, largest}, 1)));  // [B, 1, Y, X]
  return {x * gate, reshape(gate, {x.dim(0), x.dim(2), x.dim(3)})};
}

Cbam::Cbam(Index channels, Index reduction, Index kernel, Rng& rng)
    : channel_(child<ChannelAttention>("channel", channels, reduction, rng)),
      spatial_(child<SpatialAttention>("spatial", kernel, rng)) {}

Refined Cbam::operator()(const Variable& x) const {
  const Gated channels = channel_(x);
  const Gated places = spatial_(channels.output);
  return {places.output, channels.gate, places.gate};
}

}  // namespace rapt::nn
