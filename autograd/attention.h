#pragma once
#include "autograd/variable.h"

namespace rapt {

// softmax(scale q k^T) v over the keys that `allowed` (1 and 0, broadcast against [.., Tq, Tk])
// leaves, without ever holding the weights [.., Tq, Tk]: memory grows with T, not with T^2.
// q [.., Tq, D], k [.., Tk, D], v [.., Tk, E] -> [.., Tq, E]; the axes in front broadcast.
Variable attention(const Variable& q, const Variable& k, const Variable& v, const Tensor& allowed,
                   Scalar scale);

// The same as a formula of simpler operations, weights and all.
Variable attention_composed(const Variable& q, const Variable& k, const Variable& v,
                            const Tensor& allowed, Scalar scale);

}  // namespace rapt
