#pragma once
#include <optional>

#include "nn/module.h"
#include "tensor/random.h"
#include "tensor/window.h"

namespace rapt::nn {

struct Conv2dOptions {
  Window window = {.kernel = 3};
  Index groups = 1;  // each reads and writes a share of the channels of its own
  bool bias = true;
};

// One product for all places of the window: the weights, a matrix [out, in ky kx], times what the
// window sees.   y[o, p, q] = b_o + sum_(c, i, j) w[o, c, i, j] x[c, p + i, q + j]   [Eq 15.2]
// (for a window that steps by one, without padding)
class Conv2d : public Module {
 public:
  // ValueError if the groups do not divide the channels, or the window is none.
  Conv2d(Index in, Index out, const Conv2dOptions& options, Rng& rng);

  // x [B, in, Y, X] -> [B, out, Y', X'], Y' = (Y + 2 padding - span) / stride + 1, rounded down
  Variable operator()(const Variable& x) const;

  Variable weight;               // [out, in / groups, ky, kx]
  std::optional<Variable> bias;  // [out]

 private:
  Conv2dOptions options_;
};

}  // namespace rapt::nn
