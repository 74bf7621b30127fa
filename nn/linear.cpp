#include "nn/linear.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

Scalar bound(Index in) {
  expect_at_least("Linear: in", in, 1);
  return 1 / std::sqrt(Scalar(in));
}

}  // namespace

Linear::Linear(Index in, Index out, Rng& rng)
    : weight(parameter("weight", uniform({out, in}, bound(in), rng))),
      bias(parameter("bias", uniform({out}, bound(in), rng))) {}

Variable Linear::operator()(const Variable& x) const {
  expect_shape("Linear: x [.., N, in]", x, {kFront, kAny, weight.dim(1)});
  return linear(x, weight, bias);
}

}  // namespace rapt::nn
