#pragma once
#include "tensor/tensor.h"
#include "tensor/window.h"

namespace rapt {

// Convolution and its two gradients, image by image, without the columns of all images that
// matmul(weight, unfold(x)) takes through memory. A window that steps by one is read in the padded
// image (tensor/convolution_direct.h); of any other, the columns of one image stay in the cache
// while they are multiplied. The result is the same; gradients are, but for rounding.   [Eq 15.2]
// x [B, in, Y, X], weight [out, in / groups, ky, kx] -> [B, out, Y', X']
Tensor convolve(const Tensor& x, const Tensor& weight, const Window& window, Index groups);

// g [B, out, Y', X'], weight -> dL/dx [B, in, Y, X]
Tensor convolve_gradient_x(const Tensor& g, const Tensor& weight, const Window& window,
                           Index groups, Pair image);

// g [B, out, Y', X'], x -> dL/dweight [out, in / groups, ky, kx]
Tensor convolve_gradient_weight(const Tensor& g, const Tensor& x, const Window& window,
                                Index groups);

}  // namespace rapt
