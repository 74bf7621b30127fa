#pragma once
#include "tensor/tensor.h"
#include "tensor/window.h"

namespace rapt {

// Convolution of images, some images at a time, so that the columns of their windows stay in the
// cache: the numbers of unfold and matmul without the large matrix between them.
//   y[b, o, p] = sum_(c, cell) w[o, c, cell] unfold(x)[b, c, cell, p], group by group
// x [B, groups C, Y, X], w [groups O, C, ky, kx] -> [B, groups O, Y', X']
Tensor convolve(const Tensor& x, const Tensor& w, const Window& window, Index groups);

// dL/dx and dL/dw from g = dL/dy [B, groups O, Y', X'].
Tensor convolve_gradient_x(const Tensor& g, const Tensor& w, const Window& window, Index groups,
                           Pair image);
Tensor convolve_gradient_w(const Tensor& g, const Tensor& x, const Window& window, Index groups);

}  // namespace rapt
