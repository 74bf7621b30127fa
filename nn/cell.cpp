#include "nn/cell.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/init.h"
#include "tensor/lookup.h"

namespace rapt::nn {
namespace {

Scalar bound(const char* cell, Index in, Index hidden) {
  expect_at_least(message(cell, ": in"), in, 1);
  expect_at_least(message(cell, ": hidden"), hidden, 1);
  return 1 / std::sqrt(Scalar(hidden));
}

// [gates * H, H]: each gate's square by itself
Tensor recurrent_weight(RecurrentInit init, Index gates, Index hidden, Rng& rng) {
  if (init == RecurrentInit::uniform)
    return uniform({gates * hidden, hidden}, 1 / std::sqrt(Scalar(hidden)), rng);
  std::vector<Tensor> squares;
  for (Index g = 0; g < gates; ++g)
    squares.push_back(init == RecurrentInit::identity ? identity(hidden)
                                                      : orthogonal(hidden, hidden, rng));
  return concat(squares, 0);
}

// The forget gate is the second of four.
Tensor lstm_bias(Index hidden, Scalar forget_bias, Rng& rng) {
  Tensor bias = uniform({4 * hidden}, 1 / std::sqrt(Scalar(hidden)), rng);
  for (Index i = hidden; i < 2 * hidden; ++i) bias.data()[i] += forget_bias;
  return bias;
}

// The words are made only where they are needed: this runs at every step.
void expect_step(const char* cell, const Variable& projected, const State& state, Index gates,
                 Index hidden, std::size_t parts) {
  bool fits = projected.rank() == 2 && projected.dim(1) == gates * hidden && state.size() == parts;
  for (const Variable& part : state) fits = fits && part.shape() == Shape{projected.dim(0), hidden};
  if (fits) return;
  const std::string width = gates == 1 ? "H" : message(gates, "H");
  expect_shape(message(cell, ": projected [B, ", width, "]"), projected, {kAny, gates * hidden});
  if (state.size() != parts)
    throw ValueError(
        message(cell, ": expected a state of ", parts, " tensors, got ", state.size()));
  for (const Variable& part : state)
    expect_shape(message(cell, ": state [B, H]"), part, {projected.dim(0), hidden});
}

// The part of gate number `gate` of [B, gates * H].
Variable part(const Variable& all, Index gate, Index hidden) {
  return slice(all, -1, gate * hidden, (gate + 1) * hidden);
}

}  // namespace

RNNCell::RNNCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(parameter("weight_ih", uniform({hidden, in}, bound("RNNCell", in, hidden), rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 1, hidden, rng))),
      bias_ih(parameter("bias_ih", uniform({hidden}, bound("RNNCell", in, hidden), rng))),
      bias_hh(parameter("bias_hh", uniform({hidden}, bound("RNNCell", in, hidden), rng))),
      activation_(options.activation) {}

State RNNCell::zero_state(Index batch) const { return {Tensor({batch, hidden()})}; }

Variable RNNCell::project(const Variable& x) const {
  expect_shape("RNNCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return matmul(x, transpose(weight_ih)) + (bias_ih + bias_hh);
}

State RNNCell::step(const Variable& projected, const State& state) const {
  expect_step("RNNCell", projected, state, 1, hidden(), 1);
  return {activate(activation_, projected + matmul(state[0], transpose(weight_hh)))};
}

LSTMCell::LSTMCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(
          parameter("weight_ih", uniform({4 * hidden, in}, bound("LSTMCell", in, hidden), rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 4, hidden, rng))),
      bias_ih(parameter("bias_ih", lstm_bias(hidden, options.forget_bias, rng))),
      bias_hh(parameter("bias_hh", lstm_bias(hidden, 0, rng))) {}

State LSTMCell::zero_state(Index batch) const {
  return {Tensor({batch, hidden()}), Tensor({batch, hidden()})};
}

Variable LSTMCell::project(const Variable& x) const {
  expect_shape("LSTMCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return matmul(x, transpose(weight_ih)) + (bias_ih + bias_hh);
}

State LSTMCell::step(const Variable& projected, const State& state) const {
  expect_step("LSTMCell", projected, state, 4, hidden(), 2);
  const Variable gates = projected + matmul(state[0], transpose(weight_hh));
  const Variable i = sigmoid(part(gates, 0, hidden()));
  const Variable f = sigmoid(part(gates, 1, hidden()));
  const Variable g = tanh(part(gates, 2, hidden()));
  const Variable o = sigmoid(part(gates, 3, hidden()));
  const Variable kept = f * state[1];
  const Variable c = kept + i * g;
  return {o * tanh(c), c};
}

GRUCell::GRUCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(
          parameter("weight_ih", uniform({3 * hidden, in}, bound("GRUCell", in, hidden), rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 3, hidden, rng))),
      bias_ih(parameter("bias_ih", uniform({3 * hidden}, bound("GRUCell", in, hidden), rng))),
      bias_hh(parameter("bias_hh", uniform({3 * hidden}, bound("GRUCell", in, hidden), rng))) {}

State GRUCell::zero_state(Index batch) const { return {Tensor({batch, hidden()})}; }

Variable GRUCell::project(const Variable& x) const {
  expect_shape("GRUCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return matmul(x, transpose(weight_ih)) + bias_ih;
}

State GRUCell::step(const Variable& projected, const State& state) const {
  expect_step("GRUCell", projected, state, 3, hidden(), 1);
  const Variable& h = state[0];
  const Variable carried = matmul(h, transpose(weight_hh)) + bias_hh;
  const Variable r = sigmoid(part(projected, 0, hidden()) + part(carried, 0, hidden()));
  const Variable z = sigmoid(part(projected, 1, hidden()) + part(carried, 1, hidden()));
  const Variable n = tanh(part(projected, 2, hidden()) + r * part(carried, 2, hidden()));
  return {n + z * (h - n)};
}

std::unique_ptr<Cell> make_cell(CellKind kind, Index in, Index hidden, Rng& rng,
                                const CellOptions& options) {
  switch (kind) {
    case CellKind::rnn:
      return std::make_unique<RNNCell>(in, hidden, rng, options);
    case CellKind::lstm:
      return std::make_unique<LSTMCell>(in, hidden, rng, options);
    case CellKind::gru:
      return std::make_unique<GRUCell>(in, hidden, rng, options);
  }
  throw ValueError("make_cell: unknown kind");
}

}  // namespace rapt::nn
