#include "nn/non_local.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/pool2d.h"

namespace rapt::nn {
namespace {

Index half(Index channels) {
  expect_at_least("NonLocal: channels", channels, 2);
  return channels / 2;
}

}  // namespace

NonLocal::NonLocal(Index channels, Rng& rng)
    : weight(parameter("weight", Tensor({channels, half(channels)}))),
      bias(parameter("bias", Tensor({channels}))),
      attention_(child<SelfAttention>("attention", channels, half(channels), half(channels), rng,
                                      Score::dot)) {}

Attended NonLocal::operator()(const Variable& x) const {
  expect_shape("NonLocal: x [B, C, Y, X]", x, {kAny, weight.dim(0), kAny, kAny});
  const Attended seen = attention_(by_place(x));  // of [B, YX, C]
  const Variable said = linear(seen.context, weight, bias);
  return {x + reshape(transpose(said), x.shape()), seen.weights};
}

}  // namespace rapt::nn
