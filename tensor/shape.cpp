#include "tensor/shape.h"

#include <algorithm>
#include <charconv>

#include "tensor/errors.h"

namespace rapt {

Shape::Shape(std::initializer_list<Index> extents) {
  for (const Index extent : extents) push_back(extent);
}

Shape Shape::filled(Index rank, Index value) {
  Shape shape;
  for (Index axis = 0; axis < rank; ++axis) shape.push_back(value);
  return shape;
}

void Shape::insert(Index axis, Index extent) {
  if (rank_ == kMaxRank)
    throw ShapeError(
        message("Shape: at most ", kMaxRank, " axes are supported, got one more than ", *this));
  std::copy_backward(begin() + axis, end(), extents_.data() + rank_ + 1);
  extents_[axis] = extent;
  ++rank_;
}

void Shape::erase(Index axis) {
  std::copy(begin() + axis + 1, end(), extents_.data() + axis);
  --rank_;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (Index axis = 0; axis < shape.rank(); ++axis)
    text += (axis ? ", " : "") + std::to_string(shape[axis]);
  return text + "]";
}

Shape broadcast_shapes(const char* op, const Shape& a, const Shape& b) {
  if (a == b) return a;
  Shape common = Shape::filled(std::max(a.rank(), b.rank()), 1);
  for (Index back = 1; back <= common.rank(); ++back) {
    const Index x = back <= a.rank() ? a[a.rank() - back] : 1;
    const Index y = back <= b.rank() ? b[b.rank() - back] : 1;
    if (x != y && x != 1 && y != 1)
      throw ShapeError(message(op, ": cannot broadcast ", a, " with ", b, " (axis ", -back, ": ", x,
                               " vs ", y, ")"));
    common[common.rank() - back] = x == 1 ? y : x;
  }
  return common;
}

std::string number_text(double value) {
  if (value != value) return "nan";  // whatever its sign
  char text[32];
  // Through float, so that a Scalar of 0.1 reads "0.1" and not the digits of its rounding.
  const auto end = static_cast<float>(value) == value || sizeof(Scalar) == sizeof(float)
                       ? std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr
                       : std::to_chars(text, text + sizeof text, value).ptr;
  return std::string(text, end);
}

Index checked_axis(std::string_view op, Index axis, const Shape& shape) {
  if (axis < -shape.rank() || axis >= shape.rank())
    throw IndexError(message(
        op, ": axis ", axis, " is out of range for shape ", shape,
        shape.rank() == 0 ? std::string(" (it has no axes)")
                          : message(" (expected ", -shape.rank(), " to ", shape.rank() - 1, ")")));
  return axis < 0 ? axis + shape.rank() : axis;
}

}  // namespace rapt
