#pragma once
#include "tensor/ids.h"
#include "tensor/tensor.h"

namespace rapt {

// Each folds one axis away; `keep` leaves it with extent 1, ready to broadcast against x.
// The order of every sum is fixed (see fold.h), so threads never change a bit.
Tensor sum(const Tensor& x);  // [..] -> []
Tensor sum(const Tensor& x, Index axis, bool keep = false);
Tensor max(const Tensor& x, Index axis, bool keep = false);  // ShapeError on an empty axis
Ids argmax(const Tensor& x, Index axis = -1);                // the first of several largest

// y_i = exp(x_i - m) / sum_j exp(x_j - m) with m = max_j x_j, along one axis. Subtracting the
// largest keeps every exponent at or below 0. A row that is minus infinity throughout, in which
// nothing may be chosen, gives zeros.
Tensor softmax(const Tensor& x, Index axis = -1);

// y_i = x_i - m - log sum_j exp(x_j - m)
Tensor log_softmax(const Tensor& x, Index axis = -1);

// log sum_j exp(x_j), the axis left with extent 1 [Eq 3.7]; minus infinity for a row of minus
// infinities.
Tensor logsumexp(const Tensor& x, Index axis = -1);

// dL/dx of softmax from y = softmax(x) and g = dL/dy, in one pass: y * (g - sum_j g_j y_j)
Tensor softmax_gradient(const Tensor& g, const Tensor& y, Index axis = -1);

}  // namespace rapt
