#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

struct Conv1dOptions {
  Index kernel = 3;           // taps
  Index stride = 1;           // steps of x from one output to the next
  Index dilation = 1;         // steps of x from one tap to the next
  Index groups = 1;           // each reads and writes a share of the features of its own
  Index left = 0, right = 0;  // zeros put before and behind x

  // As many outputs as inputs, y_t of x_0 .. x_t alone: all padding stands on the left.
  static Conv1dOptions causal(Index kernel, Index dilation = 1);
  // As many outputs as inputs, the padding on both sides; an odd zero stands on the right.
  static Conv1dOptions centred(Index kernel, Index dilation = 1);
};

// The same small linear layer at every step of a sequence, reading a few steps around it.
//   y_t = b + sum_k W_k x_(stride t + dilation k - left)   [Eq 5.5]
// Features stand last, as everywhere in Rapt; in PyTorch time does. Drawn from [-1/sqrt(n),
// 1/sqrt(n)), n = in / groups * kernel, as there.
class Conv1d : public Module {
 public:
  Conv1d(Index in, Index out, const Conv1dOptions& options, Rng& rng);

  // x [B, T, in] -> [B, T', out], T' = (left + T + right - span) / stride + 1, rounded down
  Variable operator()(const Variable& x) const;

  // Steps from the first tap to the last, both counted.
  Index span() const { return (options_.kernel - 1) * options_.dilation + 1; }

  Variable weight, bias;  // [out, in / groups, kernel], [out]

 private:
  Variable padded(const Variable& x) const;  // [B, T, in] -> [B, left + T + right, in]

  Conv1dOptions options_;
};

}  // namespace rapt::nn
