#include "tensor/rows.h"

namespace rapt {

Rows::Rows(const Shape& shape, std::initializer_list<const Shape*> strides)
    : tensors_(static_cast<int>(strides.size())) {
  Index axes = 0;
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1) continue;
    // Merge with the axis before it if stepping over that one equals running through this one.
    bool merges = axes > 0;
    int tensor = 0;
    for (const Shape* s : strides)
      merges = merges && stride_[tensor++][axes - 1] == (*s)[axis] * shape[axis];
    const Index at = merges ? axes - 1 : axes++;
    extent_[at] = merges ? extent_[at] * shape[axis] : shape[axis];
    tensor = 0;
    for (const Shape* s : strides) stride_[tensor++][at] = (*s)[axis];
  }
  if (axes == 0) {  // one element
    step_.fill(1);
    return;
  }
  outer_axes_ = axes - 1;
  length_ = extent_[outer_axes_];
  for (int tensor = 0; tensor < tensors_; ++tensor) step_[tensor] = stride_[tensor][outer_axes_];
  for (Index axis = 0; axis < outer_axes_; ++axis) count_ *= extent_[axis];
  if (length_ == 0) count_ = 0;
}

Rows::Cursor Rows::at(Index row) const {
  Cursor cursor;
  for (Index axis = outer_axes_ - 1; axis >= 0; --axis) {
    cursor.position[axis] = row % extent_[axis];
    row /= extent_[axis];
    for (int tensor = 0; tensor < tensors_; ++tensor)
      cursor.offset[tensor] += cursor.position[axis] * stride_[tensor][axis];
  }
  return cursor;
}

void Rows::advance(Cursor& cursor) const {
  for (Index axis = outer_axes_ - 1; axis >= 0; --axis) {
    for (int tensor = 0; tensor < tensors_; ++tensor)
      cursor.offset[tensor] += stride_[tensor][axis];
    if (++cursor.position[axis] < extent_[axis]) return;
    for (int tensor = 0; tensor < tensors_; ++tensor)
      cursor.offset[tensor] -= extent_[axis] * stride_[tensor][axis];
    cursor.position[axis] = 0;
  }
}

}  // namespace rapt
