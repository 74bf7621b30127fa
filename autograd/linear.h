#pragma once
#include "autograd/variable.h"

namespace rapt {

// x weight^T + bias: x [.., N, in], weight [out, in], bias [out] -> [.., N, out].
Variable linear(const Variable& x, const Variable& weight, const Variable& bias);
Variable linear_composed(const Variable& x, const Variable& weight, const Variable& bias);

}  // namespace rapt
