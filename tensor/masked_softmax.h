#pragma once
#include "tensor/tensor.h"

namespace rapt {

// Softmax along the last axis over those elements that `allowed` (1 and 0, broadcast against x)
// leaves; the others get 0, and a row that is left nothing gets zeros. The mask is read through its
// strides, one row after the other, and never repeated in memory. The same bits as
// softmax(where(allowed, x, -infinity)).
Tensor masked_softmax(const Tensor& x, const Tensor& allowed);

// dL/dx from y = masked_softmax(x, allowed) and g = dL/dy, in one pass:
//   y * (g - sum_j g_j y_j) where allowed, else 0
Tensor masked_softmax_gradient(const Tensor& g, const Tensor& y, const Tensor& allowed);

// Whether a mask is the single number 1, broadcast over everything.
bool allows_everything(const Tensor& allowed);

}  // namespace rapt
