#pragma once
#include "autograd/variable.h"
#include "tensor/window.h"

namespace rapt {

// The weights of each group of channels times what a sliding window sees of them.   [Eq 15.2]
// x [B, in, Y, X], weight [out, in / groups, ky, kx] -> [B, out, Y', X']
// ShapeError if the channels do not fit, or the window does not fit the image.
Variable convolve(const Variable& x, const Variable& weight, const Window& window,
                  Index groups = 1);

// The same as one product of matrices for the whole batch: the definition.
Variable convolve_composed(const Variable& x, const Variable& weight, const Window& window,
                           Index groups = 1);

}  // namespace rapt
