#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "nn/activation.h"
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// What a cell carries from step to step, each [B, H]; the first is its output.
using State = std::vector<Variable>;

enum class Direction { forward, backward };  // in which the steps of a sequence are read

// One step of recurrence. Every cell has the same shape, so `unroll` is written once.
class Cell : public Module {
 public:
  virtual Index hidden() const = 0;  // H
  virtual State zero_state(Index batch) const = 0;
  // The part of a step that does not depend on the state, for all steps in one product.
  // x [.., N, in] -> [.., N, G], G = H times the number of gates
  virtual Variable project(const Variable& x) const = 0;
  // projected [B, G], state [B, H] each -> the next state
  virtual State step(const Variable& projected, const State& state) const = 0;
  // The same for all steps of a sequence in one operation, where the cell has a kernel for that.
  // projected [B, T, G], initial [B, H] each, lengths [B] or empty: beyond its length the state of
  // a sequence stands still -> the state after every step, [B, T, H] each
  virtual std::optional<State> run(const Variable& projected, const State& initial,
                                   Direction direction, const std::vector<Index>& lengths) const;
};

// What the weights from state to state start as, each gate's by themselves.
//   uniform: in +-1/sqrt(H), as in PyTorch
//   orthogonal: keeps the length of every state (Saxe et al. 2014, section 3)
//   identity: keeps the state itself, the biases start at 0; with relu, the IRNN of Le et al. 2015
enum class RecurrentInit { uniform, orthogonal, identity };

struct CellOptions {
  Activation activation = Activation::tanh;  // of the RNN; the gated cells have their own
  RecurrentInit init = RecurrentInit::uniform;
  Scalar forget_bias = 0;  // of the LSTM, added to b_ih of the forget gate (Jozefowicz et al. 2015)
};

// Elman 1990.   h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)   [Eq 4.1]
class RNNCell : public Cell {
 public:
  RNNCell(Index in, Index hidden, Rng& rng, const CellOptions& options = {});

  Index hidden() const override { return weight_hh.dim(0); }
  State zero_state(Index batch) const override;
  Variable project(const Variable& x) const override;
  State step(const Variable& projected, const State& state) const override;
  std::optional<State> run(const Variable& projected, const State& initial, Direction direction,
                           const std::vector<Index>& lengths) const override;

  Variable weight_ih, weight_hh, bias_ih, bias_hh;  // [H, in], [H, H], [H], [H]

 private:
  Activation activation_;
};

// Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000. Gates i f g o stand
// one behind the other in the weights.   [Eq 5.1]
//   i, f, o = sigmoid(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh), g = tanh(the same)
//   c_t = f c_(t-1) + i g        h_t = o tanh(c_t)        state: h, c
class LSTMCell : public Cell {
 public:
  LSTMCell(Index in, Index hidden, Rng& rng, const CellOptions& options = {});

  Index hidden() const override { return weight_hh.dim(1); }
  State zero_state(Index batch) const override;
  Variable project(const Variable& x) const override;
  State step(const Variable& projected, const State& state) const override;
  std::optional<State> run(const Variable& projected, const State& initial, Direction direction,
                           const std::vector<Index>& lengths) const override;

  Variable weight_ih, weight_hh, bias_ih, bias_hh;  // [4H, in], [4H, H], [4H], [4H]
};

// Cho et al. 2014, section 2.3, in PyTorch's form: the reset gate acts on W_hn h + b_hn. Gates r z
// n stand one behind the other in the weights.   [Eq 5.2]
//   r, z = sigmoid(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh)
//   n = tanh(W_in x_t + b_in + r (W_hn h_(t-1) + b_hn))        h_t = (1 - z) n + z h_(t-1)
class GRUCell : public Cell {
 public:
  GRUCell(Index in, Index hidden, Rng& rng, const CellOptions& options = {});

  Index hidden() const override { return weight_hh.dim(1); }
  State zero_state(Index batch) const override;
  Variable project(const Variable& x) const override;
  State step(const Variable& projected, const State& state) const override;
  std::optional<State> run(const Variable& projected, const State& initial, Direction direction,
                           const std::vector<Index>& lengths) const override;

  Variable weight_ih, weight_hh, bias_ih, bias_hh;  // [3H, in], [3H, H], [3H], [3H]
};

enum class CellKind { rnn, lstm, gru };
std::unique_ptr<Cell> make_cell(CellKind kind, Index in, Index hidden, Rng& rng,
                                const CellOptions& options = {});

}  // namespace rapt::nn
