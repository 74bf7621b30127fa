#include "nn/init.h"

#include <cmath>

#include "nn/expect.h"

namespace rapt::nn {

Tensor identity(Index n) {
  expect_at_least("identity: N", n, 1);
  Tensor eye({n, n});
  for (Index i = 0; i < n; ++i) eye.data()[i * n + i] = 1;
  return eye;
}

Tensor orthogonal(Index rows, Index columns, Rng& rng) {
  expect_at_least("orthogonal: rows", rows, 1);
  expect_at_least("orthogonal: columns", columns, 1);
  if (rows < columns) return copy(orthogonal(columns, rows, rng).transpose(0, 1));
  // In double, and each vector cleaned of the earlier ones twice: once leaves what rounding made.
  std::vector<std::vector<double>> basis;
  while (static_cast<Index>(basis.size()) < columns) {
    std::vector<double> v(static_cast<std::size_t>(rows));
    for (double& number : v) number = rng.normal();
    for (int pass = 0; pass < 2; ++pass)
      for (const std::vector<double>& u : basis) {
        double along = 0;
        for (std::size_t i = 0; i < v.size(); ++i) along += u[i] * v[i];
        for (std::size_t i = 0; i < v.size(); ++i) v[i] -= along * u[i];
      }
    double square = 0;
    for (const double number : v) square += number * number;
    for (double& number : v) number /= std::sqrt(square);
    basis.push_back(std::move(v));
  }
  Tensor q({rows, columns});
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < columns; ++c)
      q.data()[r * columns + c] =
          static_cast<Scalar>(basis[static_cast<std::size_t>(c)][static_cast<std::size_t>(r)]);
  return q;
}

}  // namespace rapt::nn
