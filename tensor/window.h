#pragma once
#include "tensor/scalar.h"

namespace rapt {

// A number for each of the two directions of an image; one number stands for both.
struct Pair {
  Index y, x;
  Pair(Index both) : y(both), x(both) {}
  Pair(Index rows, Index columns) : y(rows), x(columns) {}
  bool operator==(const Pair&) const = default;
};

// How a window slides over an image [Y, X]: what convolution and pooling share.
//   Window{.kernel = 3, .padding = 1}, Window{.kernel = {1, 5}, .stride = 2}
struct Window {
  Pair kernel = 1;    // rows and columns of the window
  Pair stride = 1;    // from one place of the window to the next
  Pair dilation = 1;  // from one cell of the window to the next
  Pair padding = 0;   // rows above and below, columns left and right

  // Rows and columns from the first cell to the last, both counted.
  Pair span() const { return {(kernel.y - 1) * dilation.y + 1, (kernel.x - 1) * dilation.x + 1}; }
  Index cells() const { return kernel.y * kernel.x; }

  // ValueError on a kernel, stride or dilation below 1 or a padding below 0. `op` speaks in it.
  void expect_valid(const char* op) const;

  // [Y, X] -> [Y', X'], places of the window: (Y + 2 padding - span) / stride + 1, rounded down.
  // ShapeError if the window does not fit into the padded image.
  Pair places(const char* op, Pair image) const;
};

}  // namespace rapt
