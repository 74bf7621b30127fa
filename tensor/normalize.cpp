#include "tensor/normalize.h"

#include <cmath>

#include "tensor/fold.h"
#include "tensor/parallel.h"

namespace rapt {
namespace {

constexpr Index kGrain = 8192;  // elements of one block of rows

void expect_rows(const char* op, const Tensor& x) {
  if (x.rank() == 0 || x.dim(-1) == 0)
    throw ShapeError(message(op, ": expected rows of one element or more, got ", x.shape()));
}

void expect_features(const char* what, const Tensor& features, const Tensor& x) {
  if (features.shape() != Shape{x.dim(-1)})
    throw ShapeError(message(what, ": expected ", Shape{x.dim(-1)}, " for x ", x.shape(), ", got ",
                             features.shape()));
}

Normalized nothing_yet(const Tensor& x) {
  Shape per_row = x.shape();
  per_row[per_row.rank() - 1] = 1;
  return {Tensor::uninitialized(x.shape()), Tensor::uninitialized(per_row)};
}

// y = (x - mean) * the result, for one row.
Scalar normalize_row(Scalar* y, const Scalar* x, Index n, Scalar epsilon) {
  const Scalar mean = fold_sum(x, n) / static_cast<Scalar>(n);
  for (Index i = 0; i < n; ++i) y[i] = x[i] - mean;
  const Scalar scale = 1 / std::sqrt(fold_squares(y, n) / static_cast<Scalar>(n) + epsilon);
  for (Index i = 0; i < n; ++i) y[i] *= scale;
  return scale;
}

}  // namespace

Normalized normalize(const Tensor& x, Scalar epsilon) {
  expect_rows("normalize", x);
  const Tensor in = x.contiguous();
  const Index n = x.dim(-1);
  Normalized result = nothing_yet(x);
  Tensor& deviation = result.inverse_deviation;
  parallel_for(deviation.size(), kGrain / n + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r)
      deviation.base()[r] = normalize_row(result.y.base() + r * n, in.base() + r * n, n, epsilon);
  });
  return result;
}

Tensor normalize_gradient(const Tensor& g, const Normalized& forward) {
  const Tensor up = g.contiguous(), y = forward.y.contiguous();
  const Index n = y.dim(-1);
  Tensor d = Tensor::uninitialized(y.shape());
  parallel_for(y.size() / n, kGrain / n + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const Scalar *gr = up.base() + r * n, *yr = y.base() + r * n;
      Scalar* dr = d.base() + r * n;
      const Scalar slope = fold_products(gr, yr, n) / static_cast<Scalar>(n);
      const Scalar mean = fold_sum(gr, n) / static_cast<Scalar>(n);
      const Scalar scale = forward.inverse_deviation.base()[r];
      for (Index i = 0; i < n; ++i) dr[i] = scale * (gr[i] - mean - yr[i] * slope);
    }
  });
  return d;
}

Scaled normalize_and_scale(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           Scalar epsilon) {
  expect_rows("layer_norm", x);
  expect_features("layer_norm: weight", weight, x);
  expect_features("layer_norm: bias", bias, x);
  const Tensor in = x.contiguous(), w = weight.contiguous(), b = bias.contiguous();
  const Index n = x.dim(-1);
  Scaled result{Tensor::uninitialized(x.shape()), nothing_yet(x)};
  Tensor& deviation = result.normalized.inverse_deviation;
  parallel_for(deviation.size(), kGrain / n + 1, [&](Index begin, Index end) {
    const Scalar *wr = w.base(), *br = b.base();
    for (Index r = begin; r < end; ++r) {
      Scalar *y = result.normalized.y.base() + r * n, *z = result.z.base() + r * n;
      deviation.base()[r] = normalize_row(y, in.base() + r * n, n, epsilon);
      for (Index i = 0; i < n; ++i) z[i] = y[i] * wr[i] + br[i];
    }
  });
  return result;
}

Tensor normalize_and_scale_gradient(const Tensor& g, const Tensor& weight,
                                    const Normalized& forward) {
  const Tensor up = g.contiguous(), w = weight.contiguous();
  const Index n = g.dim(-1);
  Tensor d = Tensor::uninitialized(g.shape());
  parallel_for(g.size() / n, kGrain / n + 1, [&](Index begin, Index end) {
    const Scalar* wr = w.base();
    for (Index r = begin; r < end; ++r) {
      const Scalar *gr = up.base() + r * n, *yr = forward.y.base() + r * n;
      Scalar* dr = d.base() + r * n;
      for (Index i = 0; i < n; ++i) dr[i] = gr[i] * wr[i];
      const Scalar slope = fold_products(dr, yr, n) / static_cast<Scalar>(n);
      const Scalar mean = fold_sum(dr, n) / static_cast<Scalar>(n);
      const Scalar scale = forward.inverse_deviation.base()[r];
      for (Index i = 0; i < n; ++i) dr[i] = scale * (dr[i] - mean - yr[i] * slope);
    }
  });
  return d;
}

}  // namespace rapt
