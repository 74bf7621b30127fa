#pragma once
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "tensor/scalar.h"

namespace rapt {

// The extents of a tensor, or its strides: up to eight numbers, held in place without the heap.
class Shape {
 public:
  static constexpr Index kMaxRank = 8;

  Shape() = default;                            // rank 0: the shape of one number
  Shape(std::initializer_list<Index> extents);  // throws ShapeError beyond eight
  static Shape filled(Index rank, Index value);

  Index rank() const { return rank_; }
  Index operator[](Index axis) const { return extents_[axis]; }  // 0 <= axis < rank, unchecked
  Index& operator[](Index axis) { return extents_[axis]; }
  Index back() const { return extents_[rank_ - 1]; }

  void push_back(Index extent) { insert(rank_, extent); }
  void insert(Index axis, Index extent);  // before `axis`; at rank() it appends
  void erase(Index axis);

  const Index* begin() const { return extents_.data(); }
  const Index* end() const { return extents_.data() + rank_; }
  bool operator==(const Shape& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
  }

 private:
  std::array<Index, kMaxRank> extents_{};
  Index rank_ = 0;
};

std::string to_string(const Shape& shape);  // "[2, 3]"

// Product of the extents; 1 for rank 0.
inline Index element_count(const Shape& shape) {
  Index count = 1;
  for (const Index extent : shape) count *= extent;
  return count;
}

// [2, 3, 4] -> [12, 4, 1]
inline Shape row_major_strides(const Shape& shape) {
  Shape strides = shape;
  Index step = 1;
  for (Index axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

// The common shape of two operands. Axes are matched from the back; an extent of 1, or a missing
// axis, is stretched to the other's. Throws ShapeError in the name of `op`.
Shape broadcast_shapes(const char* op, const Shape& a, const Shape& b);

}  // namespace rapt
