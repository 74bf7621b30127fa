#pragma once
#include "tensor/rows.h"
#include "tensor/tensor.h"

namespace rapt {

// Few numbers that lie side by side are not worth preparing a walk over rows.
constexpr Index kFew = 1024;

// y[i] = f(x[i]) for every element. The shape stays.
template <class F>
Tensor map(const Tensor& x, F f) {
  Tensor y = Tensor::uninitialized(x.shape());
  if (const Index n = x.size(); n <= kFew && x.is_contiguous()) {
    Scalar* o = y.base();
    const Scalar* p = x.base();
    for (Index i = 0; i < n; ++i) o[i] = f(p[i]);
    return y;
  }
  const Rows rows(x.shape(), {&y.strides(), &x.strides()});
  Scalar* out = y.base();
  const Scalar* in = x.base();
  // Two loops, because compilers vectorize only the one whose step they know.
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    Scalar* o = out + at[0];
    const Scalar* p = in + at[1];
    const Index step = rows.step(1);
    if (step == 1)
      for (Index i = 0; i < n; ++i) o[i] = f(p[i]);
    else
      for (Index i = 0; i < n; ++i) o[i] = f(p[i * step]);
  });
  return y;
}

// y[i] = f(a[i], b[i]), with the shapes broadcast. `op` speaks in the error.
template <class F>
Tensor zip(const char* op, const Tensor& a, const Tensor& b, F f) {
  if (const Index n = a.size();
      n <= kFew && a.shape() == b.shape() && a.is_contiguous() && b.is_contiguous()) {
    Tensor z = Tensor::uninitialized(a.shape());
    Scalar* o = z.base();
    const Scalar *p = a.base(), *q = b.base();
    for (Index i = 0; i < n; ++i) o[i] = f(p[i], q[i]);
    return z;
  }
  const Shape shape = broadcast_shapes(op, a.shape(), b.shape());
  const Tensor x = a.expand(shape), y = b.expand(shape);
  Tensor z = Tensor::uninitialized(shape);
  const Rows rows(shape, {&z.strides(), &x.strides(), &y.strides()});
  Scalar* out = z.base();
  const Scalar *left = x.base(), *right = y.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    Scalar* o = out + at[0];
    const Scalar *p = left + at[1], *q = right + at[2];
    const Index sp = rows.step(1), sq = rows.step(2);
    if (sp == 1 && sq == 1)
      for (Index i = 0; i < n; ++i) o[i] = f(p[i], q[i]);
    else if (sp == 1 && sq == 0)
      for (Index i = 0; i < n; ++i) o[i] = f(p[i], *q);
    else
      for (Index i = 0; i < n; ++i) o[i] = f(p[i * sp], q[i * sq]);
  });
  return z;
}

// y[i] = condition[i] != 0 ? a[i] : b[i], with the shapes broadcast. A choice, not a product: what
// is not chosen may be infinite or NaN.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

// target[i] = x[i], through the strides of both: fills a slice, say. It changes the numbers under
// `target`, which must not be an expanded view.
void assign(Tensor target, const Tensor& x);

// target[i] += x[i] for every element of x, through the strides of both. If `target` is an
// expanded view, its zero strides make this a sum over the broadcast axes; if it is a slice, the
// sum lands in that part only. It changes the numbers under `target`.
//
// Where rows are added up, x [.., D] to [D], a sum of more than kRowsOfASum rows is the sum of the
// sums of so many each: small terms do not drown in a large sum, and threads take some rows each.
inline constexpr Index kRowsOfASum = 64;
void add_into(Tensor target, const Tensor& x);

// Sums x over the axes along which `shape` was broadcast to x.shape(): the adjoint of expand.
// [Eq 1.2]
Tensor sum_to(const Tensor& x, const Shape& shape);

}  // namespace rapt
