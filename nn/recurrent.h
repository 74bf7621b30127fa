#pragma once
#include <vector>

#include "nn/cell.h"
#include "nn/dropout.h"

namespace rapt::nn {

struct Unrolled {
  Variable outputs;  // [B, T, H]
  State last;        // after each sequence's last step
};

// Runs a cell along a sequence. `lengths` holds each sequence's own length where they differ:
// beyond it the state stands still and the output is 0, so padding changes nothing.   [Eq 4.3]
// x [B, T, in], lengths [B] or empty, initial state [B, H] each or empty (zeros)
// -> outputs [B, T, H], last [B, H] each
Unrolled unroll(const Cell& cell, const Variable& x, const std::vector<Index>& lengths = {},
                Direction direction = Direction::forward, const State& initial = {});

// The same by `step` after `step`, with each of them in the graph: what `unroll` does for a cell
// that cannot `run`, and equals otherwise to the last bit.
Unrolled unroll_step_by_step(const Cell& cell, const Variable& x,
                             const std::vector<Index>& lengths = {},
                             Direction direction = Direction::forward, const State& initial = {});

struct RecurrentOptions {
  CellKind cell = CellKind::gru;
  Index in = 0;       // features of the input
  Index hidden = 64;  // H
  Index layers = 1;
  bool bidirectional = false;
  Scalar dropout = 0;  // of what one layer hands to the next; not after the last
  CellOptions options = {};
};

struct RecurrentOutput {
  Variable outputs;         // of the last layer, [B, T, features]
  std::vector<State> last;  // layer 0 forward, layer 0 backward, layer 1 forward, ..
};

// A stack of recurrent layers. In a bidirectional one (Schuster and Paliwal 1997) one cell reads
// forward, another backward, and each position hands on both states, one behind the other. [Eq 5.4]
class Recurrent : public Module {
 public:
  Recurrent(const RecurrentOptions& options, Rng& rng);

  Index features() const { return features_; }  // of the outputs: H, or 2H in both directions

  // x [B, T, in], lengths [B] or empty, initial states in the order of `last` or empty (zeros)
  // -> outputs [B, T, features], last [B, H] each
  RecurrentOutput operator()(const Variable& x, const std::vector<Index>& lengths = {},
                             const std::vector<State>& initial = {}) const;

 private:
  class Layer;

  Index in_, features_;
  List<Layer>& layers_;
  Dropout* dropout_ = nullptr;  // only where something is dropped
};

}  // namespace rapt::nn
