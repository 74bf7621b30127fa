#pragma once
#include "tensor/ids.h"
#include "tensor/tensor.h"
#include "tensor/window.h"

namespace rapt {

// What a sliding window sees at each of its places ("im2col"), as columns of a matrix:
//   y[b, c, i kx + j, p X' + q] = x[b, c, p stride + i dilation - padding, q ..]   [Eq 15.1]
// Cells that lie in the padding hold `padded`.
// x [B, C, Y, X] -> [B, C, ky kx, Y' X']
Tensor unfold(const Tensor& x, const Window& window, Scalar padded = 0);

// Its adjoint ("col2im"): every cell is added to the place of the image that it was read from.
// columns [B, C, ky kx, Y' X'] -> [B, C, Y, X]
Tensor fold_back(const Tensor& columns, const Window& window, Pair image);

// Where in its channel, y X + x, the largest number stands that the window sees at each of its
// places: the first of several, and a NaN before all. Padding is never chosen; ShapeError in the
// name of `op` where a window sees nothing else.
// x [B, C, Y, X] -> [B, C, Y' X']
Ids argmax_in_windows(const char* op, const Tensor& x, const Window& window);

}  // namespace rapt
