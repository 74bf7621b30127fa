#pragma once
#include <algorithm>
#include <array>
#include <initializer_list>

#include "tensor/parallel.h"
#include "tensor/shape.h"

namespace rapt {

// The one strided loop of the project. Up to four tensors of one shape, each with its own strides,
// are walked in step, row by row; a row is a run of `length` elements that lie step(i) apart in
// tensor i. Axes of extent 1 are dropped and neighbouring axes merged where all tensors allow it,
// so contiguous tensors are one long row. A stride of 0 is a broadcast axis and needs no care.
class Rows {
 public:
  static constexpr int kMost = 4;
  using Offsets = std::array<Index, kMost>;  // where the row starts in each tensor

  Rows(const Shape& shape, std::initializer_list<const Shape*> strides);

  Index count() const { return count_; }
  Index length() const { return length_; }
  Index step(int tensor) const { return step_[tensor]; }

  // body(offsets, length) for the rows first <= r < last, in order.
  template <class Body>
  void walk(Index first, Index last, Body body) const {
    if (first < last) walk_from(at(first), last - first, length_, body);
  }

  // The same for all rows (or pieces of one long row) on all threads. For bodies that write
  // elements of their own only: blocks may run in any order. The body stands here once, because a
  // compiler makes much of the loops in it.
  template <class Body>
  void walk_parallel(Body body) const {
    const bool cut = count_ == 1;
    const Index units = cut ? length_ : count_;
    const bool few = count_ * length_ <= kGrain;
    const Index grain = few ? std::max<Index>(units, 1) : cut ? kGrain : kGrain / length_ + 1;
    parallel_for(units, grain, [&](Index begin, Index end) {
      walk_from(cut ? inside(begin) : at(begin), cut ? 1 : end - begin, cut ? end - begin : length_,
                body);
    });
  }

 private:
  struct Cursor {
    Offsets offset{};
    std::array<Index, Shape::kMaxRank> position{};
  };
  Cursor at(Index row) const;
  Cursor inside(Index position) const;  // of the first row

  template <class Body>
  void walk_from(Cursor cursor, Index rows, Index length, Body& body) const {
    for (;; advance(cursor)) {
      body(cursor.offset, length);
      if (--rows == 0) return;
    }
  }

  // Small rows are many: this is compiled into the loop.
  void advance(Cursor& cursor) const {
    for (Index axis = outer_axes_ - 1; axis >= 0; --axis) {
      for (int i = 0; i < kMost; ++i) cursor.offset[i] += stride_[axis][i];
      if (++cursor.position[axis] < extent_[axis]) return;
      for (int i = 0; i < kMost; ++i) cursor.offset[i] -= extent_[axis] * stride_[axis][i];
      cursor.position[axis] = 0;
    }
  }

  static constexpr Index kGrain = 16384;  // elements: some microseconds of work
  Index outer_axes_ = 0, count_ = 1, length_ = 1;
  std::array<Index, Shape::kMaxRank> extent_{};
  std::array<Offsets, Shape::kMaxRank> stride_{};  // by axis; 0 where there is no such tensor
  Offsets step_{};
};

}  // namespace rapt
