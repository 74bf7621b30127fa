#pragma once
#include "autograd/variable.h"

namespace rapt {

// Functions of each element by itself; the shape stays. Formula and derivative stand above each
// definition in pointwise.cpp.
Variable exp(const Variable& x);
Variable log(const Variable& x);  // log 0 is minus infinity, log of less is NaN
Variable tanh(const Variable& x);
Variable sigmoid(const Variable& x);  // 1 / (1 + e^-x)
Variable relu(const Variable& x);     // max(x, 0)
Variable gelu(const Variable& x);     // x Phi(x), exact (Hendrycks and Gimpel 2016)
Variable erf(const Variable& x);
Variable sqrt(const Variable& x);
Variable abs(const Variable& x);
Variable pow(const Variable& x, Scalar exponent);
Variable clamp(const Variable& x, Scalar low, Scalar high);  // ValueError if low > high

}  // namespace rapt
