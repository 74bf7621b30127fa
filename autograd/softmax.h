#pragma once
#include "autograd/variable.h"

namespace rapt {

// Along any axis; the shape stays. Exponents are taken relative to the largest element, so logits
// of +-1e4 are as safe as small ones.
Variable softmax(const Variable& x, Index axis = -1);  // a row of minus infinities gives zeros
Variable log_softmax(const Variable& x, Index axis = -1);

// Along the last axis, over those elements that `allowed` (1 and 0, broadcast against x) leaves;
// the others get 0, and so does their gradient. A row that is left nothing gets zeros.
Variable masked_softmax(const Variable& x, const Tensor& allowed);

// The same as a formula of simpler operations: what the fused one is tested against.
Variable masked_softmax_composed(const Variable& x, const Tensor& allowed);

// log sum_i e^(x_i); the axis is folded away, `keep` leaves it with extent 1.
Variable logsumexp(const Variable& x, Index axis = -1, bool keep = false);

}  // namespace rapt
