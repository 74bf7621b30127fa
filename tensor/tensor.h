#pragma once
#include <initializer_list>
#include <string>
#include <vector>

#include "tensor/errors.h"
#include "tensor/shape.h"
#include "tensor/storage.h"

namespace rapt {

// Numbers in a shared block, seen through a shape: element (i, j, ..) stands at
//   base()[i * strides()[0] + j * strides()[1] + ..].   [Eq 1.1]
// Copying a Tensor copies this view, not the numbers. Functions that take a Tensor never change
// it; the few that write say so in their name (`add_into`).
class Tensor {
 public:
  Tensor() : Tensor(Shape{}) {}                                   // the number 0
  explicit Tensor(const Shape& shape, Scalar fill = 0);           // ShapeError on a negative extent
  Tensor(const Shape& shape, const std::vector<Scalar>& values);  // row by row
  static Tensor uninitialized(const Shape& shape);  // for a kernel that writes every element

  const Shape& shape() const { return shape_; }
  const Shape& strides() const { return strides_; }
  Index rank() const { return shape_.rank(); }
  Index dim(Index axis) const { return shape_[checked_axis("dim", axis, shape_)]; }
  Index size() const { return element_count(shape_); }
  bool is_contiguous() const;  // row by row without gaps

  // Views: O(1), the numbers are shared. Axes may be negative.
  Tensor expand(const Shape& shape) const;  // broadcast: new axes and axes of 1 get stride 0
  Tensor permute(const std::vector<Index>& order) const;  // axis i of the result is order[i]
  Tensor transpose(Index axis = -2, Index other = -1) const;
  // begin <= position < end, every step-th of them
  Tensor slice(Index axis, Index begin, Index end, Index step = 1) const;
  Tensor reshape(const Shape& shape) const;  // one extent may be -1; copies a strided view
  Tensor contiguous() const;                 // itself, or a copy without gaps

  const Scalar* base() const { return storage_.data() + offset_; }  // the first element
  Scalar* base() { return storage_.data() + offset_; }
  const Scalar* data() const;  // flat access: throws std::logic_error on a strided view
  Scalar* data();
  Scalar item() const;                                     // the only element
  Scalar at(std::initializer_list<Index> position) const;  // one element, checked
  std::vector<Scalar> values() const;                      // all elements, row by row
  bool owns_alone() const;  // contiguous, and no other tensor shares the block

  std::string str() const;  // nested rows, "[[1, 2], [3, 4]]"; long axes are shortened

 private:
  struct Uninitialized {};
  Tensor(Uninitialized, const Shape& shape);

  Storage storage_;
  Shape shape_, strides_;
  Index offset_ = 0;
};

Tensor copy(const Tensor& x);  // a block of its own, row by row

}  // namespace rapt
