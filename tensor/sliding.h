#pragma once
#include <algorithm>

#include "tensor/window.h"

namespace rapt {

// Along one direction: where cell `cell` of the window stands at its first place, and the places
// begin <= p < end at which it lies inside the image.
struct Reach {
  Index first, begin, end;
  Reach(Index cell, Index dilation, Index padding, Index stride, Index places, Index extent)
      : first(cell * dilation - padding) {
    begin = first >= 0 ? 0 : std::min(places, (-first + stride - 1) / stride);
    end = first >= extent ? begin : std::min(places, (extent - 1 - first) / stride + 1);
    end = std::max(begin, end);
  }
};

// A window over images of one size: the geometry that all channels share.
struct Sliding {
  Window window;
  Pair image, places;

  Index pixels() const { return image.y * image.x; }
  Index count() const { return places.y * places.x; }
  Reach rows(Index i) const {
    return {i, window.dilation.y, window.padding.y, window.stride.y, places.y, image.y};
  }
  Reach columns(Index j) const {
    return {j, window.dilation.x, window.padding.x, window.stride.x, places.x, image.x};
  }

  // One channel [Y, X] to the rows of a matrix, one for each cell of the window, and back. The rows
  // lie `pitch` apart, so that several images can stand side by side.
  void unfold(const Scalar* x, Scalar* columns, Index pitch, Scalar padded) const;
  void fold_back(const Scalar* columns, Index pitch, Scalar* x) const;
};

}  // namespace rapt
