#pragma once
#include "tensor/window.h"

namespace rapt {

// Along one direction: where one cell of a window stands at the window's first place, and the
// places begin <= p < end at which it lies inside the image.
struct Reach {
  Index first, begin, end;
  Reach(Index cell, Index dilation, Index padding, Index stride, Index places, Index extent);
};

// A window over the planes [Y, X] of images of one size: the geometry that all channels share, and
// the loops over one plane.
struct Sliding {
  Window window;
  Pair image, places;

  // ValueError, ShapeError as in Window::places
  Sliding(const char* op, const Window& window, Pair image);

  Index pixels() const { return image.y * image.x; }
  Index count() const { return places.y * places.x; }
  Index size() const { return window.cells() * count(); }  // of the columns of one plane
  Reach rows(Index i) const {
    return {i, window.dilation.y, window.padding.y, window.stride.y, places.y, image.y};
  }
  Reach columns(Index j) const {
    return {j, window.dilation.x, window.padding.x, window.stride.x, places.x, image.x};
  }

  // plane [Y, X] -> columns [ky kx, Y' X'], cells in the padding hold `padded`
  void unfold(const Scalar* plane, Scalar* columns, Scalar padded) const;
  // columns [ky kx, Y' X'] -> plane [Y, X], each cell added where it was read
  void fold_back(const Scalar* columns, Scalar* plane) const;
};

}  // namespace rapt
