#pragma once
#include "nn/module.h"

namespace rapt::nn {

// Ba et al. 2016: each position brought to mean 0 and variance 1 over its D features, then scaled
// and shifted by learned amounts.   y = w * (x - mean) / sqrt(variance + epsilon) + b   [Eq 12.1]
class LayerNorm : public Module {
 public:
  explicit LayerNorm(Index dim, Scalar epsilon = Scalar(1e-5));

  // x [.., D] -> [.., D]
  Variable operator()(const Variable& x) const;

  Variable weight, bias;  // [D], starting at 1, and [D], starting at 0

 private:
  Scalar epsilon_;
};

}  // namespace rapt::nn
