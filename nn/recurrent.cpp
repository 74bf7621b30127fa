#include "nn/recurrent.h"

#include <algorithm>
#include <cmath>

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

Scalar bound(Index hidden) {
  expect_at_least("RNNCell: hidden", hidden, 1);
  return 1 / std::sqrt(Scalar(hidden));
}

}  // namespace

RNNCell::RNNCell(Index in, Index hidden, Rng& rng)
    : weight_ih(parameter("weight_ih", uniform({hidden, in}, bound(hidden), rng))),
      weight_hh(parameter("weight_hh", uniform({hidden, hidden}, bound(hidden), rng))),
      bias_ih(parameter("bias_ih", uniform({hidden}, bound(hidden), rng))),
      bias_hh(parameter("bias_hh", uniform({hidden}, bound(hidden), rng))) {}

State RNNCell::zero_state(Index batch) const { return {Tensor({batch, weight_hh.dim(0)})}; }

Variable RNNCell::project(const Variable& x) const {
  expect_shape("RNNCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return matmul(x, transpose(weight_ih)) + (bias_ih + bias_hh);
}

State RNNCell::step(const Variable& projected, const State& state) const {
  const Index hidden = weight_hh.dim(0);
  expect_shape("RNNCell: projected [B, H]", projected, {kAny, hidden});
  expect_shape("RNNCell: state [B, H]", state.at(0), {projected.dim(0), hidden});
  return {tanh(projected + matmul(state[0], transpose(weight_hh)))};
}

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
