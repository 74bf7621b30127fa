#pragma once
#include "tensor/tensor.h"
#include "tensor/window.h"

namespace rapt {

// Convolution and its two gradients, image by image: what the window sees of one image stays in the
// cache while it is multiplied, instead of going through memory for all images (which is what
// matmul(weight, unfold(x)) does; the result is the same).   [Eq 15.2]
// x [B, in, Y, X], weight [out, in / groups, ky, kx] -> [B, out, Y', X']
Tensor convolve(const Tensor& x, const Tensor& weight, const Window& window, Index groups);

// g [B, out, Y', X'], weight -> dL/dx [B, in, Y, X]
Tensor convolve_gradient_x(const Tensor& g, const Tensor& weight, const Window& window,
                           Index groups, Pair image);

// g [B, out, Y', X'], x -> dL/dweight [out, in / groups, ky, kx]
Tensor convolve_gradient_weight(const Tensor& g, const Tensor& x, const Window& window,
                                Index groups);

}  // namespace rapt
