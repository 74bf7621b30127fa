#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// Srivastava et al. 2014, section 4: in training each number is dropped (set to 0) with
// probability p, and the others are scaled by 1 / (1 - p), so that their mean stays. In eval()
// nothing happens.
class Dropout : public Module {
 public:
  Dropout(Scalar probability, Rng& rng);  // 0 <= p < 1; draws from a generator of its own

  // x [..] -> [..]
  Variable operator()(const Variable& x) const;

 private:
  Scalar probability_;
  mutable Rng rng_;
};

}  // namespace rapt::nn
