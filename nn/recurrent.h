#pragma once
#include <vector>

#include "autograd/views.h"
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// What a cell carries from step to step, each [B, H]; the first is its output.
using State = std::vector<Variable>;

// One step of recurrence. Every cell has the same shape, so `unroll` is written once.
class Cell : public Module {
 public:
  virtual State zero_state(Index batch) const = 0;
  // The part of a step that does not depend on the state, for all steps in one product.
  // x [.., N, in] -> [.., N, G], G = H times the number of gates
  virtual Variable project(const Variable& x) const = 0;
  // projected [B, G], state [B, H] each -> the next state
  virtual State step(const Variable& projected, const State& state) const = 0;
};

// Elman 1990.   h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)   [Eq 4.1]
class RNNCell : public Cell {
 public:
  RNNCell(Index in, Index hidden, Rng& rng);  // uniform in +-1/sqrt(H), as in PyTorch

  State zero_state(Index batch) const override;
  Variable project(const Variable& x) const override;
  State step(const Variable& projected, const State& state) const override;

  Variable weight_ih, weight_hh, bias_ih, bias_hh;  // [H, in], [H, H], [H], [H]
};

struct Unrolled {
  Variable outputs;  // [B, T, H]
  State last;        // after each sequence's last step
};

enum class Direction { forward, backward };

// Runs a cell along a sequence. `lengths` holds each sequence's own length where they differ:
// beyond it the state stands still and the output is 0, so padding changes nothing.   [Eq 4.3]
// x [B, T, in], lengths [B] or empty -> outputs [B, T, H]
Unrolled unroll(const Cell& cell, const Variable& x, const std::vector<Index>& lengths = {},
                Direction direction = Direction::forward);

// Schuster and Paliwal 1997: one cell reads forward, another backward, and each position sees both.
template <class C>
class Bidirectional : public Module {
 public:
  Bidirectional(Index in, Index hidden, Rng& rng)
      : forward_(child<C>("forward", in, hidden, rng)),
        backward_(child<C>("backward", in, hidden, rng)) {}

  // x [B, T, in], lengths [B] or empty -> [B, T, 2H]
  Variable operator()(const Variable& x, const std::vector<Index>& lengths = {}) const {
    const Unrolled ahead = unroll(forward_, x, lengths);
    const Unrolled back = unroll(backward_, x, lengths, Direction::backward);
    return concat({ahead.outputs, back.outputs}, -1);
  }

 private:
  C &forward_, &backward_;
};

}  // namespace rapt::nn
