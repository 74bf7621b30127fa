#pragma once
#include "autograd/variable.h"

namespace rapt {

// Each row (last axis) brought to mean 0 and variance 1; the shape stays. The heart of layer norm.
Variable normalize(const Variable& x, Scalar epsilon = Scalar(1e-5));

// The same as a formula of simpler operations: what the fused one is tested against, and what it
// falls back to for second derivatives.
Variable normalize_composed(const Variable& x, Scalar epsilon = Scalar(1e-5));

// normalize(x) * weight + bias: x [.., D], weight [D], bias [D].
Variable layer_norm(const Variable& x, const Variable& weight, const Variable& bias,
                    Scalar epsilon = Scalar(1e-5));
Variable layer_norm_composed(const Variable& x, const Variable& weight, const Variable& bias,
                             Scalar epsilon = Scalar(1e-5));

}  // namespace rapt
