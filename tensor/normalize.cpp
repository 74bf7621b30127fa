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

// What makes y = (x - mean) * scale of one row.
struct Moments {
  Scalar mean, scale;
};
Moments moments(const Scalar* x, Index n, Scalar epsilon) {
  const auto count = static_cast<Scalar>(n);
  const Scalar mean = fold_sum(x, n) / count;
  const auto square = [mean](auto v) { return (v - mean) * (v - mean); };
  return {mean, 1 / std::sqrt(fold(n, 0, kAdd, square, x) / count + epsilon)};
}

}  // namespace

Normalized normalize(const Tensor& x, Scalar epsilon) {
  expect_rows("normalize", x);
  const Tensor in = x.contiguous();
  const Index n = x.dim(-1);
  Normalized result = nothing_yet(x);
  Tensor& deviation = result.inverse_deviation;
  parallel_for(deviation.size(), kGrain / n + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const Scalar* const row = in.base() + r * n;
      Scalar* const y = result.y.base() + r * n;
      const auto [mean, scale] = moments(row, n, epsilon);
      for (Index i = 0; i < n; ++i) y[i] = (row[i] - mean) * scale;
      deviation.base()[r] = scale;
    }
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
      const Scalar* const row = in.base() + r * n;
      Scalar *y = result.normalized.y.base() + r * n, *z = result.z.base() + r * n;
      const auto [mean, scale] = moments(row, n, epsilon);
      for (Index i = 0; i < n; ++i) {
        const Scalar v = (row[i] - mean) * scale;
        y[i] = v;
        z[i] = v * wr[i] + br[i];
      }
      deviation.base()[r] = scale;
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
      const auto along_y = [](auto up, auto v, auto y) { return up * v * y; };
      const Scalar slope = fold(n, 0, kAdd, along_y, gr, wr, yr) / static_cast<Scalar>(n);
      const Scalar mean = fold_products(gr, wr, n) / static_cast<Scalar>(n);
      const Scalar scale = forward.inverse_deviation.base()[r];
      for (Index i = 0; i < n; ++i) dr[i] = scale * (gr[i] * wr[i] - mean - yr[i] * slope);
    }
  });
  return d;
}

}  // namespace rapt
