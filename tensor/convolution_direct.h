#pragma once
#include "tensor/tensor.h"
#include "tensor/window.h"

namespace rapt {

// convolve and its gradients for windows that step by one. In an image with its padding, rows of
// length X + 2 padding, all that one cell of the window sees is one run of numbers, shifted by the
// place of the cell: the product reads it there, and no column is ever copied. The results for
// places that would reach over the end of a row are thrown away.
bool convolves_directly(const Window& window);
Tensor convolve_directly(const Tensor& x, const Tensor& weight, const Window& window, Index groups);
Tensor convolve_directly_gradient_weight(const Tensor& g, const Tensor& x, const Window& window,
                                         Index groups);

}  // namespace rapt
