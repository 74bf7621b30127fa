#include "tensor/normalize.h"

#include <algorithm>
#include <cmath>

#include "tensor/elementwise.h"
#include "tensor/fold.h"
#include "tensor/parallel.h"
#include "tensor/pieces.h"

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

// `count` numbers for each row of x.
Tensor per_row(const Tensor& x, Index count) {
  Shape shape = x.shape();
  shape[shape.rank() - 1] = count;
  return Tensor::uninitialized(shape);
}

// What makes y = (x - mean) * scale of one row.
struct Moments {
  Scalar mean, scale;
  auto normalized(auto x) const { return (x - mean) * scale; }
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
  Normalized result{Tensor::uninitialized(x.shape()), per_row(x, 1)};
  Tensor& deviation = result.inverse_deviation;
  parallel_for(deviation.size(), kGrain / n + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const Scalar* const row = in.base() + r * n;
      Scalar* const y = result.y.base() + r * n;
      const Moments m = moments(row, n, epsilon);
      for (Index i = 0; i < n; ++i) y[i] = m.normalized(row[i]);
      deviation.base()[r] = m.scale;
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
  Scaled result{Tensor::uninitialized(x.shape()), per_row(x, 2)};
  parallel_for(x.size() / n, kGrain / n + 1, [&](Index begin, Index end) {
    const Scalar *wr = w.base(), *br = b.base();
    // A row's moments are sums in which each addition waits for the one before. Those of the next
    // row come before this one is written, so that the core has both to do at once.
    Moments next = moments(in.base() + begin * n, n, epsilon);
    for (Index r = begin; r < end; ++r) {
      const Scalar* const row = in.base() + r * n;
      Scalar* z = result.z.base() + r * n;
      const Moments m = next;
      if (r + 1 < end) next = moments(row + n, n, epsilon);
      for (Index i = 0; i < n; ++i) z[i] = m.normalized(row[i]) * wr[i] + br[i];
      result.moments.base()[2 * r] = m.mean;
      result.moments.base()[2 * r + 1] = m.scale;
    }
  });
  return result;
}

namespace {

// The share of one row in all three gradients: dx = .., dw += .., db += ..
void gradients_of_row(const Scalar* __restrict g, const Scalar* __restrict w,
                      const Scalar* __restrict x, Moments m, Index n, Scalar* __restrict dx,
                      Scalar* __restrict dw, Scalar* __restrict db) {
  const auto along_y = [m](auto up, auto v, auto x) { return up * v * m.normalized(x); };
  const Scalar slope = fold(n, 0, kAdd, along_y, g, w, x) / static_cast<Scalar>(n);
  const Scalar mean = fold_products(g, w, n) / static_cast<Scalar>(n);
  for (Index i = 0; i < n; ++i) {
    const Scalar y = m.normalized(x[i]);
    dx[i] = m.scale * (g[i] * w[i] - mean - y * slope);
    dw[i] += g[i] * y;
    db[i] += g[i];
  }
}

}  // namespace

ScaledGradients normalize_and_scale_gradients(const Tensor& g, const Tensor& weight,
                                              const Tensor& x, const Tensor& moments) {
  const Tensor up = g.contiguous(), w = weight.contiguous(), in = x.contiguous();
  const Index n = g.dim(-1), rows = g.size() / n, pieces = divide_up(rows, kRowsOfASum);
  ScaledGradients d{Tensor::uninitialized(g.shape()), Tensor({n}), Tensor({n})};
  Tensor weight_sums({pieces, n}), bias_sums({pieces, n});
  parallel_for(pieces, kGrain / (n * kRowsOfASum) + 1, [&](Index first, Index last) {
    for (Index r = first * kRowsOfASum; r < std::min(last * kRowsOfASum, rows); ++r) {
      const Moments m{moments.base()[2 * r], moments.base()[2 * r + 1]};
      const Index row = r * n, sum = r / kRowsOfASum * n;
      gradients_of_row(up.base() + row, w.base(), in.base() + row, m, n, d.x.base() + row,
                       weight_sums.base() + sum, bias_sums.base() + sum);
    }
  });
  add_into(d.weight, weight_sums);
  add_into(d.bias, bias_sums);
  return d;
}

}  // namespace rapt
