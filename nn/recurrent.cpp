#include "nn/recurrent.h"

#include <algorithm>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

// 1 for the sequences that still run at step t. [B, 1]
Tensor running(const std::vector<Index>& lengths, Index t) {
  Tensor alive({static_cast<Index>(lengths.size()), 1});
  for (std::size_t b = 0; b < lengths.size(); ++b) alive.data()[b] = t < lengths[b] ? 1 : 0;
  return alive;
}

void expect_lengths(const std::vector<Index>& lengths, const Variable& x) {
  if (lengths.empty()) return;
  if (static_cast<Index>(lengths.size()) != x.dim(0))
    throw ShapeError(
        message("unroll: ", lengths.size(), " lengths for x [B, T, in] of ", x.shape()));
  for (const Index length : lengths)
    if (length < 0 || length > x.dim(1))
      throw ValueError(message("unroll: length ", length, " does not lie in 0 .. ", x.dim(1),
                               " of x [B, T, in] of ", x.shape()));
}

}  // namespace

Unrolled unroll(const Cell& cell, const Variable& x, const std::vector<Index>& lengths,
                Direction direction) {
  expect_shape("unroll: x [B, T, in]", x, {kAny, kAny, kAny});
  expect_lengths(lengths, x);
  const Index steps = x.dim(1);
  expect_at_least("unroll: T", steps, 1);
  const Variable projected = cell.project(x);

  Unrolled result{x, cell.zero_state(x.dim(0))};
  std::vector<Variable> outputs;
  for (Index i = 0; i < steps; ++i) {
    const Index t = direction == Direction::forward ? i : steps - 1 - i;
    State next = cell.step(select(projected, 1, t), result.last);
    Variable output = next[0];
    if (!lengths.empty()) {
      const Tensor alive = running(lengths, t);
      output = where(alive, next[0], Scalar(0));
      for (std::size_t s = 0; s < next.size(); ++s) next[s] = where(alive, next[s], result.last[s]);
    }
    result.last = std::move(next);
    outputs.push_back(output);
  }
  if (direction == Direction::backward) std::reverse(outputs.begin(), outputs.end());
  result.outputs = stack(outputs, 1);
  return result;
}

}  // namespace rapt::nn
