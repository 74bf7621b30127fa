#include "nn/position.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

// x + the first T rows of the table
Variable add_positions(const char* layer, const Variable& x, const Variable& table) {
  expect_shape(message(layer, ": x [B, T, D]"), x, {kAny, kAny, table.dim(1)});
  if (x.dim(1) > table.dim(0))
    throw ShapeError(message(layer, ": x of ", x.shape(), " has ", x.dim(1),
                             " positions, the table ", table.shape(), " knows ", table.dim(0)));
  return x + slice(table, 0, 0, x.dim(1));
}

}  // namespace

Tensor sinusoidal_table(Index length, Index dim) {
  Tensor table({length, dim});
  for (Index t = 0; t < length; ++t)
    for (Index feature = 0; feature < dim; ++feature) {
      const auto pair = static_cast<double>(feature / 2);
      const double angle =
          static_cast<double>(t) / std::pow(10000.0, 2 * pair / static_cast<double>(dim));
      table.data()[t * dim + feature] =
          static_cast<Scalar>(feature % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return table;
}

SinusoidalPositions::SinusoidalPositions(Index longest, Index dim)
    : table_(sinusoidal_table(longest, dim)) {}

Variable SinusoidalPositions::operator()(const Variable& x) const {
  return add_positions("SinusoidalPositions", x, table_);
}

LearnedPositions::LearnedPositions(Index longest, Index dim, Rng& rng)
    : weight(parameter("weight", normal({longest, dim}, Scalar(0.02), rng))) {}

Variable LearnedPositions::operator()(const Variable& x) const {
  return add_positions("LearnedPositions", x, weight);
}

}  // namespace rapt::nn
