#pragma once
#include "autograd/variable.h"

namespace rapt {

// a [.., M, K], b [.., K, N] -> [.., M, N]; the axes in front broadcast.
Variable matmul(const Variable& a, const Variable& b);

}  // namespace rapt
