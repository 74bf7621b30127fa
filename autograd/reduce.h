#pragma once
#include "autograd/variable.h"

namespace rapt {

// Folds over all elements, [..] -> [], or over one axis, which `keep` leaves with extent 1.
Variable sum(const Variable& x);
Variable sum(const Variable& x, Index axis, bool keep = false);
Variable mean(const Variable& x);  // ShapeError if there are no elements
Variable mean(const Variable& x, Index axis, bool keep = false);
Variable max(const Variable& x, Index axis, bool keep = false);

}  // namespace rapt
