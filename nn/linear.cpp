#include "nn/linear.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Linear::Linear(Index in, Index out, Rng& rng)
    : weight(parameter("weight", uniform({out, in}, 1 / std::sqrt(Scalar(in)), rng))),
      bias(parameter("bias", uniform({out}, 1 / std::sqrt(Scalar(in)), rng))) {}

Variable Linear::operator()(const Variable& x) const {
  expect_shape("Linear: x [.., in]", x, {kFront, weight.dim(1)});
  return matmul(x, transpose(weight)) + bias;
}

}  // namespace rapt::nn
