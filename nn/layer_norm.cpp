#include "nn/layer_norm.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

LayerNorm::LayerNorm(Index dim, Scalar epsilon)
    : weight(parameter("weight", Tensor({dim}, 1))),
      bias(parameter("bias", Tensor(Shape{dim}))),
      epsilon_(epsilon) {
  expect_at_least("LayerNorm: dim", dim, 1);
}

Variable LayerNorm::operator()(const Variable& x) const {
  expect_shape("LayerNorm: x [.., D]", x, {kFront, weight.dim(0)});
  return layer_norm(x, weight, bias, epsilon_);
}

}  // namespace rapt::nn
