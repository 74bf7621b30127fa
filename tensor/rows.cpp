#include "tensor/rows.h"

namespace rapt {

Rows::Rows(const Shape& shape, std::initializer_list<const Shape*> strides) {
  Index axes = 0;
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1) continue;
    Offsets here{};
    int tensor = 0;
    for (const Shape* s : strides) here[tensor++] = (*s)[axis];
    // Merge with the axis before it if stepping over that one equals running through this one.
    bool merges = axes > 0;
    for (int i = 0; merges && i < kMost; ++i)
      merges = stride_[axes - 1][i] == here[i] * shape[axis];
    const Index at = merges ? axes - 1 : axes++;
    extent_[at] = merges ? extent_[at] * shape[axis] : shape[axis];
    stride_[at] = here;
  }
  if (axes == 0) {  // one element
    step_.fill(1);
    return;
  }
  outer_axes_ = axes - 1;
  length_ = extent_[outer_axes_];
  step_ = stride_[outer_axes_];
  for (Index axis = 0; axis < outer_axes_; ++axis) count_ *= extent_[axis];
  if (length_ == 0) count_ = 0;
}

Rows::Cursor Rows::at(Index row) const {
  Cursor cursor;
  for (Index axis = outer_axes_ - 1; axis >= 0; --axis) {
    cursor.position[axis] = row % extent_[axis];
    row /= extent_[axis];
    for (int i = 0; i < kMost; ++i) cursor.offset[i] += cursor.position[axis] * stride_[axis][i];
  }
  return cursor;
}

Rows::Cursor Rows::inside(Index position) const {
  Cursor cursor;
  for (int i = 0; i < kMost; ++i) cursor.offset[i] = position * step_[i];
  return cursor;
}

}  // namespace rapt
