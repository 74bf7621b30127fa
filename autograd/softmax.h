#pragma once
#include "autograd/variable.h"

namespace rapt {

// Along any axis; the shape stays. Exponents are taken relative to the largest element, so logits
// of +-1e4 are as safe as small ones.
Variable softmax(const Variable& x, Index axis = -1);  // a row of minus infinities gives zeros
Variable log_softmax(const Variable& x, Index axis = -1);

// log sum_i e^(x_i); the axis is folded away, `keep` leaves it with extent 1.
Variable logsumexp(const Variable& x, Index axis = -1, bool keep = false);

}  // namespace rapt
