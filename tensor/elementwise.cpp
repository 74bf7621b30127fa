#include "tensor/elementwise.h"

#include <algorithm>

#include "tensor/fold.h"

namespace rapt {

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const Shape shape =
      broadcast_shapes("where", condition.shape(), broadcast_shapes("where", a.shape(), b.shape()));
  const Tensor c = condition.expand(shape), x = a.expand(shape), y = b.expand(shape);
  Tensor z = Tensor::uninitialized(shape);
  const Rows rows(shape, {&z.strides(), &c.strides(), &x.strides(), &y.strides()});
  Scalar* out = z.base();
  const Scalar *chosen = c.base(), *left = x.base(), *right = y.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    const Index sc = rows.step(1), sx = rows.step(2), sy = rows.step(3);
    Scalar* o = out + at[0];
    const Scalar *k = chosen + at[1], *p = left + at[2], *q = right + at[3];
    // Both are read and one is kept: a load that depends on the condition would not vectorize.
    if (sc == 1 && sx == 1 && sy == 0)  // masked fill
      for (Index i = 0; i < n; ++i) {
        const Scalar a = p[i], b = *q;
        o[i] = k[i] != 0 ? a : b;
      }
    else
      for (Index i = 0; i < n; ++i) {
        const Scalar a = p[i * sx], b = q[i * sy];
        o[i] = k[i * sc] != 0 ? a : b;
      }
  });
  return z;
}

void assign(Tensor target, const Tensor& x) {
  const Tensor from = x.expand(target.shape());
  const Rows rows(target.shape(), {&target.strides(), &from.strides()});
  Scalar* out = target.base();
  const Scalar* in = from.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    Scalar* o = out + at[0];
    const Scalar* p = in + at[1];
    const Index so = rows.step(0), sx = rows.step(1);
    if (so == 1 && sx == 1)
      for (Index i = 0; i < n; ++i) o[i] = p[i];
    else
      for (Index i = 0; i < n; ++i) o[i * so] = p[i * sx];
  });
}

namespace {

void add_serially(Scalar* target, const Shape& target_strides, const Tensor& x) {
  const Rows rows(x.shape(), {&target_strides, &x.strides()});
  const Scalar* in = x.base();
  const Index so = rows.step(0), sx = rows.step(1);
  rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index n) {
    Scalar* o = target + at[0];
    const Scalar* p = in + at[1];
    if (so == 0 && sx == 1)
      *o += fold_sum(p, n);
    else if (so == 1 && sx == 1)
      for (Index i = 0; i < n; ++i) o[i] += p[i];
    else
      for (Index i = 0; i < n; ++i) o[i * so] += p[i * sx];
  });
}

// The longest axis along which the target is not broadcast: cut there, pieces of the target do not
// overlap. -1 if there is none (a sum to a single number).
Index widest_kept_axis(const Shape& shape, const Shape& target_strides) {
  Index widest = -1;
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (target_strides[axis] != 0 && (widest < 0 || shape[axis] > shape[widest])) widest = axis;
  return widest;
}

// An axis, not the last, along which more than kTallest rows would be added one after the other
// into the same numbers. Summed in pieces first, small terms do not drown in a large sum.
constexpr Index kTallest = 256;
Index tall_axis(const Shape& shape, const Shape& target_strides) {
  for (Index axis = 0; axis + 1 < shape.rank(); ++axis)
    if (target_strides[axis] == 0 && shape[axis] > kTallest && target_strides.back() != 0)
      return axis;
  return -1;
}

}  // namespace

void add_into(Tensor target, const Tensor& x) {
  constexpr Index kGrain = 32768;  // elements
  if (const Index n = x.size();
      n <= kFew && target.shape() == x.shape() && target.is_contiguous() && x.is_contiguous()) {
    Scalar* o = target.base();
    const Scalar* p = x.base();
    for (Index i = 0; i < n; ++i) o[i] += p[i];
    return;
  }
  const Tensor into = target.expand(x.shape());
  if (const Index tall = tall_axis(x.shape(), into.strides()); tall >= 0) {
    for (Index begin = 0; begin < x.dim(tall); begin += kTallest) {
      Tensor part(target.shape());
      add_into(part, x.slice(tall, begin, std::min(begin + kTallest, x.dim(tall))));
      add_into(target, part);
    }
    return;
  }
  const Index axis = widest_kept_axis(x.shape(), into.strides());
  if (axis < 0 || x.size() <= kGrain) return add_serially(target.base(), into.strides(), x);
  const Index step = into.strides()[axis];
  parallel_for(x.dim(axis), kGrain / (x.size() / x.dim(axis)) + 1, [&](Index begin, Index end) {
    add_serially(target.base() + begin * step, into.strides(), x.slice(axis, begin, end));
  });
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Tensor y(shape);
  add_into(y, x);
  return y;
}

}  // namespace rapt
