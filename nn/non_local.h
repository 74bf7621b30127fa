#pragma once
#include "nn/attention.h"

namespace rapt::nn {

// Wang et al. 2018, section 3: self-attention whose positions are the places of an image, with the
// embedded Gaussian of section 3.2, and a residual path around it.   [Eq 15.8]
//   z = x + W_z softmax(q k^T) v + b_z        q, k, v: C / 2 features of each place, rounded down
// W_z and b_z start at 0, so that the block starts as nothing but its residual path (section 3.3).
class NonLocal : public Module {
 public:
  NonLocal(Index channels, Rng& rng);  // ValueError below 2 channels

  // x [B, C, Y, X] -> context [B, C, Y, X], weights [B, YX, YX]
  Attended operator()(const Variable& x) const;

  Variable weight, bias;  // W_z [C, C/2], b_z [C]

 private:
  SelfAttention& attention_;
};

}  // namespace rapt::nn
