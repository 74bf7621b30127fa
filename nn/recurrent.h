#pragma once
#include <vector>

#include "autograd/views.h"
#include "nn/cell.h"

namespace rapt::nn {

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
