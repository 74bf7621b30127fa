#pragma once
#include <functional>

#include "nn/cell.h"
#include "tensor/recurrent.h"

namespace rapt::nn {

// What a whole sequence is read by. `step` is the formula of one step, on weights that are
// arguments: projected [B, G], state, weights -> the next state.
struct WholeSequence {
  const char* name;
  Gates gates;
  std::vector<Variable> weights;  // from state to gates [G, H], and its bias [G] if it is apart
  std::function<State(const Variable&, const State&, const std::vector<Variable>&)> step;
};

// All steps in one operation, whose kernel equals `step` after `step` to the last bit; second
// derivatives are those of the steps.
// projected [B, T, G], initial [B, H] each -> the state after every step, [B, T, H] each
State run(const WholeSequence& cell, const Variable& projected, const State& initial,
          Direction direction, const std::vector<Index>& lengths);

}  // namespace rapt::nn
