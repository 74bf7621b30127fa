#pragma once
#include "nn/linear.h"

namespace rapt::nn {

// What an attention over an image returns: the image, weighted, and the weights themselves, which
// lie between 0 and 1 each and need not sum to anything.
struct Gated {
  Variable output;  // [B, C, Y, X]
  Variable gate;    // over channels [B, C], or over places [B, Y, X]
};

// Hu et al. 2018, section 3: which channels matter in this image? Squeeze each to its mean,
// excite: two linear layers with a waist of C / reduction, and a gate for each channel.   [Eq 15.4]
//   s = sigmoid(W_2 relu(W_1 mean_places(x)))        y = s * x
class SqueezeExcitation : public Module {
 public:
  // ValueError unless 1 <= reduction <= channels
  SqueezeExcitation(Index channels, Index reduction, Rng& rng);

  // x [B, C, Y, X] -> output [B, C, Y, X], gate [B, C]
  Gated operator()(const Variable& x) const;

 private:
  Linear &squeeze_, &excite_;
};

}  // namespace rapt::nn
