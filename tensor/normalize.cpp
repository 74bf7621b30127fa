#include "tensor/normalize.h"

#include <cmath>

#include "tensor/fold.h"
#include "tensor/parallel.h"

namespace rapt {
namespace {

constexpr Index kGrain = 8192;  // elements of one block of rows

}  // namespace

Normalized normalize(const Tensor& x, Scalar epsilon) {
  if (x.rank() == 0 || x.dim(-1) == 0)
    throw ShapeError(message("normalize: expected rows of one element or more, got ", x.shape()));
  const Tensor in = x.contiguous();
  const Index n = x.dim(-1);
  Shape per_row = x.shape();
  per_row[per_row.rank() - 1] = 1;
  Normalized result{Tensor::uninitialized(x.shape()), Tensor::uninitialized(per_row)};
  Tensor& deviation = result.inverse_deviation;
  parallel_for(deviation.size(), kGrain / n + 1, [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const Scalar* row = in.base() + r * n;
      Scalar* y = result.y.base() + r * n;
      const Scalar mean = fold_sum(row, n) / static_cast<Scalar>(n);
      for (Index i = 0; i < n; ++i) y[i] = row[i] - mean;
      const Scalar square = fold_squares(y, n);
      const Scalar scale = 1 / std::sqrt(square / static_cast<Scalar>(n) + epsilon);
      for (Index i = 0; i < n; ++i) y[i] *= scale;
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
      for (Index i = 0; i < n; ++i) dr[i] = gr[i] * yr[i];
      const Scalar slope = fold_sum(dr, n) / static_cast<Scalar>(n);
      const Scalar mean = fold_sum(gr, n) / static_cast<Scalar>(n);
      const Scalar scale = forward.inverse_deviation.base()[r];
      for (Index i = 0; i < n; ++i) dr[i] = scale * (gr[i] - mean - yr[i] * slope);
    }
  });
  return d;
}

}  // namespace rapt
