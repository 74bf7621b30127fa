#pragma once
#include "autograd/variable.h"
#include "tensor/window.h"

namespace rapt {

// What a sliding window sees at each of its places, as columns of a matrix. Convolution is a
// product with them, pooling a fold over the cells of each.
// x [B, C, Y, X] -> [B, C, ky kx, Y' X'], cells in the padding hold `padded`
Variable unfold(const Variable& x, const Window& window, Scalar padded = 0);

}  // namespace rapt
