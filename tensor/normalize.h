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

// The same with a learned scale and shift of the features, z = y * weight + bias; both [D]. What is
// kept of y is the mean and the inverse deviation of each row, moments [.., 2]: to find y again
// takes less time than to fetch it.
struct Scaled {
  Tensor z, moments;
};
Scaled normalize_and_scale(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           Scalar epsilon);

// From g = dL/dz.
struct ScaledGradients {
  Tensor x, weight, bias;
};
ScaledGradients normalize_and_scale_gradients(const Tensor& g, const Tensor& weight,
                                              const Tensor& x, const Tensor& moments);

}  // namespace rapt
