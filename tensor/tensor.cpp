#include "tensor/tensor.h"

#include <algorithm>

#include "tensor/elementwise.h"
#include "tensor/parallel.h"

namespace rapt {
namespace {

constexpr double kMostElements = double(Index{1} << 48);

const Shape& valid(const Shape& shape) {
  if (std::any_of(shape.begin(), shape.end(), [](Index extent) { return extent < 0; }))
    throw ShapeError(message("Tensor: negative extent in shape ", shape));
  double count = 1;  // does not overflow, and is exact up to the limit
  for (const Index extent : shape) {
    count *= static_cast<double>(extent);
    if (count > kMostElements)
      throw ShapeError(message("Tensor: shape ", shape, " has more than 2^48 elements"));
  }
  return shape;
}

}  // namespace

Tensor::Tensor(Uninitialized, const Shape& shape)
    : storage_(element_count(valid(shape))), shape_(shape), strides_(row_major_strides(shape)) {}

Tensor Tensor::uninitialized(const Shape& shape) { return Tensor(Uninitialized(), shape); }

Tensor::Tensor(const Shape& shape, Scalar fill) : Tensor(Uninitialized(), shape) {
  constexpr Index kGrain = 65536;  // numbers that one thread writes alone
  parallel_for(size(), kGrain, [this, fill](Index begin, Index end) {
    std::fill_n(base() + begin, end - begin, fill);
  });
}

Tensor::Tensor(const Shape& shape, const std::vector<Scalar>& values)
    : Tensor(Uninitialized(), shape) {
  if (static_cast<Index>(values.size()) != size())
    throw ShapeError(message("Tensor: ", values.size(), " values do not fill shape ", shape, " (",
                             size(), " elements)"));
  std::copy(values.begin(), values.end(), base());
}

bool Tensor::is_contiguous() const {
  Index step = 1;
  for (Index axis = rank() - 1; axis >= 0; --axis) {
    if (shape_[axis] != 1 && strides_[axis] != step) return size() == 0;
    step *= shape_[axis];
  }
  return true;
}

Tensor Tensor::expand(const Shape& shape) const {
  if (shape == shape_) return *this;
  if (valid(shape).rank() < rank() || broadcast_shapes("expand", shape_, shape) != shape)
    throw ShapeError(message("expand: cannot stretch ", shape_, " to ", shape,
                             "; only new axes in front and axes of extent 1 can grow"));
  Tensor view = *this;
  view.shape_ = shape;
  view.strides_ = Shape::filled(shape.rank(), 0);
  for (Index back = 1; back <= rank(); ++back) {
    const Index axis = rank() - back;
    view.strides_[shape.rank() - back] = shape_[axis] == 1 ? 0 : strides_[axis];
  }
  return view;
}

Tensor Tensor::permute(const std::vector<Index>& order) const {
  Tensor view = *this;
  Shape seen = Shape::filled(rank(), 0);
  if (static_cast<Index>(order.size()) != rank())
    throw ShapeError(message("permute: ", order.size(), " axes given for shape ", shape_));
  for (Index i = 0; i < rank(); ++i) {
    const Index axis = checked_axis("permute", order[i], shape_);
    if (seen[axis]++) throw ShapeError(message("permute: axis ", axis, " of ", shape_, " twice"));
    view.shape_[i] = shape_[axis];
    view.strides_[i] = strides_[axis];
  }
  return view;
}

Tensor Tensor::transpose(Index axis, Index other) const {
  if (rank() < 2) throw ShapeError(message("transpose: expected two axes or more, got ", shape_));
  axis = checked_axis("transpose", axis, shape_);
  other = checked_axis("transpose", other, shape_);
  Tensor view = *this;
  std::swap(view.shape_[axis], view.shape_[other]);
  std::swap(view.strides_[axis], view.strides_[other]);
  return view;
}

Tensor Tensor::slice(Index axis, Index begin, Index end, Index step) const {
  axis = checked_axis("slice", axis, shape_);
  if (begin < 0 || begin > end || end > shape_[axis])
    throw IndexError(message("slice: [", begin, ", ", end, ") does not lie in axis ", axis, " of ",
                             shape_, " (extent ", shape_[axis], ")"));
  if (step < 1) throw ValueError(message("slice: step must be at least 1, got ", step));
  Tensor view = *this;
  view.offset_ += begin * strides_[axis];
  view.shape_[axis] = (end - begin + step - 1) / step;
  view.strides_[axis] *= step;
  return view;
}

Tensor Tensor::reshape(const Shape& wanted) const {
  Shape shape = wanted;
  const Index* open = std::find(shape.begin(), shape.end(), -1);
  if (open != shape.end()) {
    const Index axis = open - shape.begin();
    shape[axis] = 1;
    const Index rest = element_count(shape);
    shape[axis] = rest == 0 ? 0 : size() / rest;
  }
  if (std::any_of(shape.begin(), shape.end(), [](Index e) { return e < 0; }) ||
      element_count(valid(shape)) != size())
    throw ShapeError(
        message("reshape: cannot view ", shape_, " (", size(), " elements) as ", wanted));
  Tensor view = contiguous();
  view.shape_ = shape;
  view.strides_ = row_major_strides(shape);
  return view;
}

Tensor Tensor::contiguous() const { return is_contiguous() ? *this : copy(*this); }

const Scalar* Tensor::data() const {
  if (!is_contiguous())
    throw std::logic_error(message("data: shape ", shape_, " with strides ", strides_,
                                   " is a strided view; call contiguous() first"));
  return base();
}

Scalar* Tensor::data() { return const_cast<Scalar*>(std::as_const(*this).data()); }

Scalar Tensor::item() const {
  if (size() != 1) throw ShapeError(message("item: expected one element, got shape ", shape_));
  return *base();
}

Scalar Tensor::at(std::initializer_list<Index> position) const {
  if (static_cast<Index>(position.size()) != rank())
    throw IndexError(message("at: ", position.size(), " positions given for shape ", shape_));
  Index offset = 0, axis = 0;
  for (const Index p : position) {
    if (p < 0 || p >= shape_[axis])
      throw IndexError(message("at: position ", p, " is outside axis ", axis, " of ", shape_));
    offset += p * strides_[axis++];
  }
  return base()[offset];
}

std::vector<Scalar> Tensor::values() const {
  const Tensor flat = contiguous();
  return {flat.base(), flat.base() + flat.size()};
}

bool Tensor::owns_alone() const { return storage_.is_unique() && is_contiguous(); }

Tensor copy(const Tensor& x) {
  return map(x, [](Scalar v) { return v; });
}

}  // namespace rapt
