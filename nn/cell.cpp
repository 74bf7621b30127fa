#include "nn/cell.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/init.h"
#include "nn/whole_sequence.h"
#include "tensor/lookup.h"

namespace rapt::nn {
namespace {

// In +-1/sqrt(H).
Tensor uniform_start(const Shape& shape, Index hidden, Rng& rng) {
  return uniform(shape, 1 / std::sqrt(Scalar(hidden)), rng);
}

// [gates * H, in]. A cell makes it first, so the sizes are checked here.
Tensor input_weight(const char* cell, Index gates, Index in, Index hidden, Rng& rng) {
  expect_at_least(message(cell, ": in"), in, 1);
  expect_at_least(message(cell, ": hidden"), hidden, 1);
  return uniform_start({gates * hidden, in}, hidden, rng);
}

// [gates * H, H]: each gate's square by itself
Tensor recurrent_weight(RecurrentInit init, Index gates, Index hidden, Rng& rng) {
  if (init == RecurrentInit::uniform) return uniform_start({gates * hidden, hidden}, hidden, rng);
  std::vector<Tensor> squares;
  for (Index g = 0; g < gates; ++g)
    squares.push_back(init == RecurrentInit::identity ? identity(hidden)
                                                      : orthogonal(hidden, hidden, rng));
  return concat(squares, 0);
}

// [gates * H]
Tensor recurrent_bias(RecurrentInit init, Index gates, Index hidden, Rng& rng) {
  if (init == RecurrentInit::identity) return Tensor({gates * hidden});
  return uniform_start({gates * hidden}, hidden, rng);
}

// The forget gate is the second of four.
Tensor with_forget_bias(Tensor bias, Index hidden, Scalar forget_bias) {
  for (Index i = hidden; i < 2 * hidden; ++i) bias.data()[i] += forget_bias;
  return bias;
}

void expect_no_activation(const char* cell, const CellOptions& options) {
  if (options.activation != Activation::tanh)
    throw ValueError(message(cell, ": activation must stay tanh: only that of the RNN is free"));
}

void expect_no_forget_bias(const char* cell, const CellOptions& options) {
  if (options.forget_bias != 0)
    throw ValueError(message(cell, ": forget_bias must stay 0, got ", options.forget_bias,
                             ": only the LSTM has a forget gate"));
}

// The words are made only where they are needed: this runs at every step.
void expect_step(const char* cell, const Shape& projected, const State& state, Index gates,
                 Index hidden, std::size_t parts) {
  bool fits = projected.rank() == 2 && projected[1] == gates * hidden && state.size() == parts;
  for (const Variable& part : state) fits = fits && part.shape() == Shape{projected[0], hidden};
  if (fits) return;
  const std::string width = gates == 1 ? "H" : message(gates, "H");
  expect_shape(message(cell, ": projected [B, ", width, "]"), projected, {kAny, gates * hidden});
  if (state.size() != parts)
    throw ValueError(
        message(cell, ": expected a state of ", parts, " tensors, got ", state.size()));
  for (const Variable& part : state)
    expect_shape(message(cell, ": state [B, H]"), part, {projected[0], hidden});
}

// Without the steps: the shape of one.
Shape one_step(const Variable& projected) { return {projected.dim(0), projected.dim(2)}; }

// The part of gate number `gate` of [B, gates * H].
Variable part(const Variable& all, Index gate, Index hidden) {
  return slice(all, -1, gate * hidden, (gate + 1) * hidden);
}

// ---- One step. The weights are arguments, because a step may outlive its cell in a graph.

State rnn_step(const Variable& projected, const State& state, const Variable& weight_hh,
               Activation activation) {
  return {activate(activation, projected + matmul(state[0], transpose(weight_hh)))};
}

State lstm_step(const Variable& projected, const State& state, const Variable& weight_hh) {
  const Index hidden = weight_hh.dim(1);
  const Variable gates = projected + matmul(state[0], transpose(weight_hh));
  const Variable i = sigmoid(part(gates, 0, hidden));
  const Variable f = sigmoid(part(gates, 1, hidden));
  const Variable g = tanh(part(gates, 2, hidden));
  const Variable o = sigmoid(part(gates, 3, hidden));
  const Variable kept = f * state[1];
  const Variable c = kept + i * g;
  return {o * tanh(c), c};
}

State gru_step(const Variable& projected, const State& state, const Variable& weight_hh,
               const Variable& bias_hh) {
  const Index hidden = weight_hh.dim(1);
  const Variable& h = state[0];
  const Variable carried = linear(h, weight_hh, bias_hh);
  const Variable r = sigmoid(part(projected, 0, hidden) + part(carried, 0, hidden));
  const Variable z = sigmoid(part(projected, 1, hidden) + part(carried, 1, hidden));
  const Variable n = tanh(part(projected, 2, hidden) + r * part(carried, 2, hidden));
  return {n + z * (h - n)};
}

// Which of the kernels an RNN has: the derivative of some activations needs more than their value.
std::optional<Gates> kernel_of(Activation activation) {
  switch (activation) {
    case Activation::tanh:
      return Gates::tanh;
    case Activation::relu:
      return Gates::relu;
    case Activation::sigmoid:
      return Gates::sigmoid;
    default:
      return {};
  }
}

}  // namespace

std::optional<State> Cell::run(const Variable&, const State&, Direction,
                               const std::vector<Index>&) const {
  return {};
}

RNNCell::RNNCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(parameter("weight_ih", input_weight("RNNCell", 1, in, hidden, rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 1, hidden, rng))),
      bias_ih(parameter("bias_ih", recurrent_bias(options.init, 1, hidden, rng))),
      bias_hh(parameter("bias_hh", recurrent_bias(options.init, 1, hidden, rng))),
      activation_(options.activation) {
  expect_no_forget_bias("RNNCell", options);
}

State RNNCell::zero_state(Index batch) const { return {Tensor({batch, hidden()})}; }

Variable RNNCell::project(const Variable& x) const {
  expect_shape("RNNCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return linear(x, weight_ih, bias_ih + bias_hh);
}

State RNNCell::step(const Variable& projected, const State& state) const {
  expect_step("RNNCell", projected.shape(), state, 1, hidden(), 1);
  return rnn_step(projected, state, weight_hh, activation_);
}

std::optional<State> RNNCell::run(const Variable& projected, const State& initial,
                                  Direction direction, const std::vector<Index>& lengths) const {
  const std::optional<Gates> gates = kernel_of(activation_);
  if (!gates) return {};
  expect_step("RNNCell", one_step(projected), initial, 1, hidden(), 1);
  const auto step = [kind = activation_](const Variable& p, const State& h,
                                         const std::vector<Variable>& weights) {
    return rnn_step(p, h, weights[0], kind);
  };
  return nn::run({"rnn", *gates, {weight_hh}, step}, projected, initial, direction, lengths);
}

LSTMCell::LSTMCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(parameter("weight_ih", input_weight("LSTMCell", 4, in, hidden, rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 4, hidden, rng))),
      bias_ih(parameter("bias_ih", with_forget_bias(recurrent_bias(options.init, 4, hidden, rng),
                                                    hidden, options.forget_bias))),
      bias_hh(parameter("bias_hh", recurrent_bias(options.init, 4, hidden, rng))) {
  expect_no_activation("LSTMCell", options);
}

State LSTMCell::zero_state(Index batch) const {
  return {Tensor({batch, hidden()}), Tensor({batch, hidden()})};
}

Variable LSTMCell::project(const Variable& x) const {
  expect_shape("LSTMCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return linear(x, weight_ih, bias_ih + bias_hh);
}

State LSTMCell::step(const Variable& projected, const State& state) const {
  expect_step("LSTMCell", projected.shape(), state, 4, hidden(), 2);
  return lstm_step(projected, state, weight_hh);
}

std::optional<State> LSTMCell::run(const Variable& projected, const State& initial,
                                   Direction direction, const std::vector<Index>& lengths) const {
  expect_step("LSTMCell", one_step(projected), initial, 4, hidden(), 2);
  const auto step = [](const Variable& p, const State& state,
                       const std::vector<Variable>& weights) {
    return lstm_step(p, state, weights[0]);
  };
  return nn::run({"lstm", Gates::lstm, {weight_hh}, step}, projected, initial, direction, lengths);
}

GRUCell::GRUCell(Index in, Index hidden, Rng& rng, const CellOptions& options)
    : weight_ih(parameter("weight_ih", input_weight("GRUCell", 3, in, hidden, rng))),
      weight_hh(parameter("weight_hh", recurrent_weight(options.init, 3, hidden, rng))),
      bias_ih(parameter("bias_ih", recurrent_bias(options.init, 3, hidden, rng))),
      bias_hh(parameter("bias_hh", recurrent_bias(options.init, 3, hidden, rng))) {
  expect_no_activation("GRUCell", options);
  expect_no_forget_bias("GRUCell", options);
}

State GRUCell::zero_state(Index batch) const { return {Tensor({batch, hidden()})}; }

Variable GRUCell::project(const Variable& x) const {
  expect_shape("GRUCell: x [.., N, in]", x, {kFront, kAny, weight_ih.dim(1)});
  return linear(x, weight_ih, bias_ih);
}

State GRUCell::step(const Variable& projected, const State& state) const {
  expect_step("GRUCell", projected.shape(), state, 3, hidden(), 1);
  return gru_step(projected, state, weight_hh, bias_hh);
}

std::optional<State> GRUCell::run(const Variable& projected, const State& initial,
                                  Direction direction, const std::vector<Index>& lengths) const {
  expect_step("GRUCell", one_step(projected), initial, 3, hidden(), 1);
  const auto step = [](const Variable& p, const State& h, const std::vector<Variable>& weights) {
    return gru_step(p, h, weights[0], weights[1]);
  };
  return nn::run({"gru", Gates::gru, {weight_hh, bias_hh}, step}, projected, initial, direction,
                 lengths);
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
