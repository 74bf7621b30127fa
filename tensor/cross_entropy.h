#pragma once
#include "tensor/ids.h"
#include "tensor/tensor.h"

namespace rapt {

// How little each row (last axis) of x expected its target: log sum_j e^(x_j) - x[target].
struct Surprise {
  Tensor y, logsumexp;  // [.., 1]
};
Surprise surprise(const Tensor& x, const Ids& targets);  // x [.., V], targets [.., 1]

// dL/dx from g = dL/dy, in one pass: g * (e^(x - logsumexp) - 1 at the target).
Tensor surprise_gradient(const Tensor& g, const Tensor& x, const Tensor& logsumexp,
                         const Ids& targets);

}  // namespace rapt
