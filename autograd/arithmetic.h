#pragma once
#include "autograd/variable.h"

namespace rapt {

// Elementwise, with broadcasting: shapes are matched from the back, an extent of 1 is stretched.
Variable operator+(const Variable& a, const Variable& b);
Variable operator-(const Variable& a, const Variable& b);
Variable operator*(const Variable& a, const Variable& b);
Variable operator/(const Variable& a, const Variable& b);
Variable operator-(const Variable& x);

// With a number.
Variable operator+(const Variable& x, Scalar c);
Variable operator+(Scalar c, const Variable& x);
Variable operator-(const Variable& x, Scalar c);
Variable operator-(Scalar c, const Variable& x);
Variable operator*(const Variable& x, Scalar c);
Variable operator*(Scalar c, const Variable& x);
Variable operator/(const Variable& x, Scalar c);
Variable operator/(Scalar c, const Variable& x);

}  // namespace rapt
