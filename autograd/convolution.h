#pragma once
#include "autograd/variable.h"
#include "tensor/window.h"

namespace rapt {

// A window of weights slides over images. With groups, each share of the outputs reads a share of
// the channels of its own.
// x [B, C, Y, X], w [O, C / groups, ky, kx] -> [B, O, Y', X']
Variable convolve(const Variable& x, const Variable& w, const Window& window, Index groups = 1);

// The same as one product with what the window sees: what the fused one is tested against, and what
// it falls back to for second derivatives.
Variable convolve_composed(const Variable& x, const Variable& w, const Window& window,
                           Index groups = 1);

}  // namespace rapt
