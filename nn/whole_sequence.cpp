#include "nn/whole_sequence.h"

#include <algorithm>

#include "autograd/ops.h"
#include "autograd/together.h"
#include "nn/mask.h"

namespace rapt::nn {
namespace {

// The inputs of the operation: projected, the weights, the parts of the initial state.
std::vector<Variable> inputs_of(const Variable& projected, const std::vector<Variable>& weights,
                                const State& initial) {
  std::vector<Variable> inputs{projected};
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  inputs.insert(inputs.end(), initial.begin(), initial.end());
  return inputs;
}

// The state after every step, one step after the other -> [S, B, T, H]
Variable step_by_step(const WholeSequence& cell, const std::vector<Variable>& inputs,
                      Direction direction, const std::vector<Index>& lengths) {
  const auto first_state = inputs.begin() + 1 + static_cast<Index>(cell.weights.size());
  const std::vector<Variable> weights(inputs.begin() + 1, first_state);
  State state(first_state, inputs.end());
  const Variable& projected = inputs[0];
  const Index steps = projected.dim(1);
  std::vector<std::vector<Variable>> after(state.size());
  for (Index i = 0; i < steps; ++i) {
    const Index t = direction == Direction::forward ? i : steps - 1 - i;
    State next = cell.step(select(projected, 1, t), state, weights);
    for (std::size_t s = 0; s < next.size(); ++s) {
      if (!lengths.empty()) {
        Tensor alive({projected.dim(0), 1});
        for (std::size_t b = 0; b < lengths.size(); ++b) alive.data()[b] = Scalar(t < lengths[b]);
        next[s] = where(alive, next[s], state[s]);
      }
      after[s].push_back(next[s]);
    }
    state = std::move(next);
  }
  std::vector<Variable> parts;
  for (std::vector<Variable>& part : after) {
    if (direction == Direction::backward) std::reverse(part.begin(), part.end());
    parts.push_back(stack(part, 1));
  }
  return stack(parts, 0);
}

Recurrence recurrence(const WholeSequence& cell, const std::vector<Variable>& inputs,
                      Direction direction, const std::vector<Index>& lengths) {
  Recurrence r{.gates = cell.gates,
               .projected = inputs[0].value(),
               .weight = inputs[1].value(),
               .reversed = direction == Direction::backward,
               .lengths = lengths};
  std::size_t at = 2;
  if (cell.weights.size() == 2) r.bias = inputs[at++].value();
  for (; at < inputs.size(); ++at) r.initial.push_back(inputs[at].value());
  return r;
}

}  // namespace

State run(const WholeSequence& cell, const Variable& projected, const State& initial,
          Direction direction, const std::vector<Index>& lengths) {
  const std::vector<Variable> inputs = inputs_of(projected, cell.weights, initial);
  const Recurrence r = recurrence(cell, inputs, direction, lengths);
  const RecurrentStates forward = recur(r);
  const auto gradients = [r, saved = forward.saved](const Tensor& g, const Tensor& states) {
    RecurrentGradients d = recur_gradient(r, {states, saved}, g);
    std::vector<Tensor> all{d.projected, d.weight};
    if (d.bias.rank() == 1) all.push_back(d.bias);
    all.insert(all.end(), d.initial.begin(), d.initial.end());
    return all;
  };
  const auto formula = [cell, direction, lengths](const std::vector<Variable>& own) {
    return step_by_step(cell, own, direction, lengths);
  };
  const Variable states = record_together(cell.name, forward.states, inputs, gradients, formula);
  if (initial.size() == 1) {
    const Shape one{projected.dim(0), projected.dim(1), initial[0].dim(1)};
    return {reshape(states, one)};
  }
  State parts;
  for (std::size_t s = 0; s < initial.size(); ++s)
    parts.push_back(select(states, 0, static_cast<Index>(s)));
  return parts;
}

}  // namespace rapt::nn
