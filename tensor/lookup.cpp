#include "tensor/lookup.h"

#include <algorithm>

#include "tensor/elementwise.h"
#include "tensor/parallel.h"
#include "tensor/pieces.h"

namespace rapt {
namespace {

constexpr Index kGrain = 16384;  // elements of one block

void expect_range(const char* op, const Ids& ids, Index count, const Shape& shape) {
  if (static_cast<Index>(ids.values.size()) != element_count(ids.shape))
    throw ShapeError(
        message(op, ": ", ids.values.size(), " ids do not fill their shape ", ids.shape));
  for (const std::int32_t id : ids.values)
    if (id < 0 || id >= count)
      throw IndexError(message(op, ": id ", id, " is outside 0 .. ", count - 1, " of ", shape));
}

// f(at, place): where each id stands, and where the element stands that it means, in a tensor of
// the ids' shape but for `extent` in this axis. No element is meant from two blocks.
template <class F>
void for_each_id(const Ids& ids, Index axis, Index extent, const F& f) {
  Index outer = 1, inner = 1;
  for (Index i = 0; i < axis; ++i) outer *= ids.shape[i];
  for (Index i = axis + 1; i < ids.shape.rank(); ++i) inner *= ids.shape[i];
  const Index each = ids.shape[axis] * inner;
  parallel_for(outer, kGrain / (each + 1) + 1, [&](Index begin, Index end) {
    Index at = begin * each;
    for (Index before = begin; before < end; ++before)
      for (Index i = 0; i < ids.shape[axis]; ++i)
        for (Index after = 0; after < inner; ++after, ++at)
          f(at, (before * extent + ids.values[at]) * inner + after);
  });
}

void expect_equal_but_for(const char* op, Index axis, const Shape& a, const Shape& b) {
  bool equal = a.rank() == b.rank();
  for (Index i = 0; equal && i < a.rank(); ++i) equal = i == axis || a[i] == b[i];
  if (!equal)
    throw ShapeError(
        message(op, ": shapes ", a, " and ", b, " may differ in axis ", axis, " only"));
}

}  // namespace

Tensor take_rows(const Tensor& table, const Ids& ids) {
  if (table.rank() != 2)
    throw ShapeError(message("embedding: expected a table [V, D], got ", table.shape()));
  expect_range("embedding", ids, table.dim(0), table.shape());
  const Tensor rows = table.contiguous();
  const Index d = rows.dim(1);
  Shape shape = ids.shape;
  shape.push_back(d);
  Tensor y = Tensor::uninitialized(shape);
  const Index count = static_cast<Index>(ids.values.size());
  parallel_for(count, kGrain / (d + 1) + 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      std::copy_n(rows.base() + ids.values[i] * d, d, y.base() + i * d);
  });
  return y;
}

Tensor add_rows(const Tensor& rows, const Ids& ids, Index count) {
  const Tensor in = rows.contiguous();
  const Index d = in.shape().back();
  Tensor table({count, d});
  // Any id may stand anywhere, so a thread takes columns, not rows; not too few of each row.
  const Index few = kGrain / (static_cast<Index>(ids.values.size()) + 1);
  const Index grain = round_up(std::max({few, divide_up(d, thread_count()), Index{1}}), 16);
  parallel_for(d, grain, [&](Index begin, Index end) {
    const Scalar* x = in.base();
    for (const std::int32_t id : ids.values) {
      Scalar* row = table.base() + id * d;
      for (Index i = begin; i < end; ++i) row[i] += x[i];
      x += d;
    }
  });
  return table;
}

Tensor gather(const Tensor& x, const Ids& ids, Index axis) {
  axis = checked_axis("gather", axis, x.shape());
  expect_equal_but_for("gather", axis, x.shape(), ids.shape);
  expect_range("gather", ids, x.dim(axis), x.shape());
  const Tensor in = x.contiguous();
  Tensor y = Tensor::uninitialized(ids.shape);
  const Scalar* from = in.base();
  Scalar* to = y.base();
  for_each_id(ids, axis, x.dim(axis), [&](Index at, Index place) { to[at] = from[place]; });
  return y;
}

Tensor scatter_add(const Tensor& x, const Ids& ids, Index axis, Index extent) {
  axis = checked_axis("scatter_add", axis, x.shape());
  Shape shape = x.shape();
  shape[axis] = extent;
  if (ids.shape != x.shape())
    throw ShapeError(
        message("scatter_add: ids ", ids.shape, " must have the shape of ", x.shape()));
  expect_range("scatter_add", ids, extent, shape);
  const Tensor in = x.contiguous();
  Tensor y(shape);
  const Scalar* from = in.base();
  Scalar* to = y.base();
  for_each_id(ids, axis, extent, [&](Index at, Index place) { to[place] += from[at]; });
  return y;
}

Tensor concat(const std::vector<Tensor>& parts, Index axis) {
  if (parts.empty()) throw ShapeError("concat: expected at least one tensor, got none");
  Shape shape = parts[0].shape();
  axis = checked_axis("concat", axis, shape);
  shape[axis] = 0;
  for (const Tensor& part : parts) {
    expect_equal_but_for("concat", axis, parts[0].shape(), part.shape());
    shape[axis] += part.dim(axis);
  }
  Tensor y = Tensor::uninitialized(shape);
  Index at = 0;
  for (const Tensor& part : parts) {
    assign(y.slice(axis, at, at + part.dim(axis)), part);
    at += part.dim(axis);
  }
  return y;
}

}  // namespace rapt
