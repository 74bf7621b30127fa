#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// y = x W^T + b.  [Eq 3.1]
// Both are drawn from [-1/sqrt(in), 1/sqrt(in)), as in PyTorch.
class Linear : public Module {
 public:
  Linear(Index in, Index out, Rng& rng);

  // x [.., N, in] -> [.., N, out]
  Variable operator()(const Variable& x) const;

  Variable weight, bias;  // [out, in], [out]
};

}  // namespace rapt::nn
