#pragma once
#include <vector>

#include "tensor/tensor.h"

namespace rapt {

// What a recurrent cell does with its gates: one tanh (or another) of [Eq 4.1], the LSTM of
// [Eq 5.1], the GRU of [Eq 5.2].
enum class Gates { tanh, relu, sigmoid, lstm, gru };

// A cell and the sequences that it reads. G = H times the number of gates; a state has S parts of
// [B, H], the first is the cell's output.
struct Recurrence {
  Gates gates = Gates::tanh;
  Tensor projected;                  // [B, T, G], what the inputs add to the gates
  Tensor weight;                     // [G, H], from state to gates
  Tensor bias = {};                  // [G] of the GRU, whose reset gate acts on weight h + bias
  std::vector<Tensor> initial = {};  // the state before the first step, S parts
  bool reversed = false;             // reads from the last step to the first
  std::vector<Index> lengths = {};   // [B]; beyond it a state stands still [Eq 4.3]. Empty: T each
};

struct RecurrentStates {
  Tensor states;  // [S, B, T, H], after each step
  Tensor saved;   // [B, T, ..], the gates as the gradient needs them
};

// All steps of all sequences. Each sequence depends on itself alone, so threads take some
// sequences each, from the first step to the last, and need not wait for each other.
RecurrentStates recur(const Recurrence& r);

struct RecurrentGradients {
  Tensor projected, weight, bias;  // bias is empty unless there is one
  std::vector<Tensor> initial;
};

// Backpropagation through time, from g = dL/dstates [S, B, T, H]: first the gradients of all gates,
// step by step from the youngest, then those of the weights from them. Every sum has the order
// that backpropagation through a chain of single steps would give it.
RecurrentGradients recur_gradient(const Recurrence& r, const RecurrentStates& forward,
                                  const Tensor& g);

}  // namespace rapt
