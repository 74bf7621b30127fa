#pragma once
#include "autograd/variable.h"
#include "tensor/window.h"

namespace rapt::nn {

// Pooling of images: one number for each place of a window, channel by channel. The usual window
// steps by its own size, Window{.kernel = 2, .stride = 2}.
// x [B, C, Y, X] -> [B, C, Y', X']
Variable max_pool(const Variable& x, const Window& window);      // padding never wins
Variable average_pool(const Variable& x, const Window& window);  // padding counts as zeros

// One number for each channel.   x [B, C, Y, X] -> [B, C]
Variable global_average_pool(const Variable& x);
Variable global_max_pool(const Variable& x);

// All axes behind the batch as one, ready for a linear layer.   x [B, ..] -> [B, D]
Variable flatten(const Variable& x);

// The places as a sequence, row after row, ready for attention.   x [B, C, Y, X] -> [B, YX, C]
Variable by_place(const Variable& x);

}  // namespace rapt::nn
