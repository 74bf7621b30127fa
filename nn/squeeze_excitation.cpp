#include "nn/squeeze_excitation.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/pool2d.h"

namespace rapt::nn {
namespace {

Index waist(Index channels, Index reduction) {
  expect_at_least("Excitation: channels", channels, 1);
  expect_at_least("Excitation: reduction", reduction, 1);
  if (reduction > channels)
    throw ValueError(message("Excitation: a reduction by ", reduction, " leaves none of ", channels,
                             " channels"));
  return channels / reduction;
}

}  // namespace

Excitation::Excitation(Index channels, Index reduction, Rng& rng)
    : reduce_(child<Linear>("reduce", channels, waist(channels, reduction), rng)),
      increase_(child<Linear>("increase", waist(channels, reduction), channels, rng)) {}

Variable Excitation::operator()(const Variable& d) const {
  expect_shape("Excitation: d [B, C]", d, {kAny, reduce_.weight.dim(1)});
  return increase_(relu(reduce_(d)));
}

SqueezeExcitation::SqueezeExcitation(Index channels, Index reduction, Rng& rng)
    : channels_(channels), excitation_(child<Excitation>("excitation", channels, reduction, rng)) {}

Gated SqueezeExcitation::operator()(const Variable& x) const {
  expect_shape("SqueezeExcitation: x [B, C, Y, X]", x, {kAny, channels_, kAny, kAny});
  const Variable gate = sigmoid(excitation_(global_average_pool(x)));
  return {weigh_channels(x, gate), gate};
}

Variable weigh_channels(const Variable& x, const Variable& gate) {
  expect_shape("weigh_channels: x [B, C, Y, X]", x, {kAny, kAny, kAny, kAny});
  expect_shape("weigh_channels: gate [B, C] for this x", gate, {x.dim(0), x.dim(1)});
  return x * reshape(gate, {x.dim(0), x.dim(1), 1, 1});
}

}  // namespace rapt::nn
