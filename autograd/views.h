#pragma once
#include <vector>

#include "autograd/variable.h"

namespace rapt {

// The same numbers in another shape. All are views: no number is copied unless said.
Variable reshape(const Variable& x, const Shape& shape);  // one extent may be -1
Variable as_rows(const Variable& x);                      // [.., N] as one matrix
Variable permute(const Variable& x, const std::vector<Index>& order);
Variable transpose(const Variable& x, Index axis = -2, Index other = -1);
Variable expand(const Variable& x, const Shape& shape);  // broadcast
Variable sum_to(const Variable& x, const Shape& shape);  // its adjoint: sums the copies
Variable slice(const Variable& x, Index axis, Index begin, Index end,
               Index step = 1);  // begin <= i < end, every step-th of them
Variable select(const Variable& x, Index axis, Index position);  // one slice, axis dropped

// Copies. All extents but that of `axis` are equal; stack adds a new axis, so all are.
Variable concat(const std::vector<Variable>& parts, Index axis);
Variable stack(const std::vector<Variable>& parts, Index axis = 0);

}  // namespace rapt
