#pragma once
#include "tensor/tensor.h"

namespace rapt {

// Each row (last axis) brought to mean 0 and variance 1:
//   y = (x - mean) * inverse_deviation,  inverse_deviation = 1 / sqrt(variance + epsilon) [.., 1]
struct Normalized {
  Tensor y, inverse_deviation;
};
Normalized normalize(const Tensor& x, Scalar epsilon);

// dL/dx from g = dL/dy, in one pass: inverse_deviation * (g - mean(g) - y * mean(g * y)).
Tensor normalize_gradient(const Tensor& g, const Normalized& forward);

}  // namespace rapt
