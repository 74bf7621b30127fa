#pragma once
#include "nn/linear.h"

namespace rapt::nn {

// What an attention over an image returns: the image, weighted, and the weights themselves, which
// lie between 0 and 1 each and need not sum to anything.
struct Gated {
  Variable output;  // [B, C, Y, X]
  Variable gate;    // over channels [B, C], or over places [B, Y, X]
};

// The two layers that a gate for channels learns, with a waist of C / reduction, rounded down. The
// papers write no biases; these layers have them, like every other Linear.
//   f(d) = W_2 relu(W_1 d + b_1) + b_2
class Excitation : public Module {
 public:
  // ValueError unless 1 <= reduction <= channels
  Excitation(Index channels, Index reduction, Rng& rng);

  // d [B, C], a number for each channel -> [B, C]
  Variable operator()(const Variable& d) const;

 private:
  Linear &reduce_, &increase_;
};

// Hu et al. 2018, section 3: which channels matter in this image? Squeeze each to its mean,
// excite by two layers, and a gate for each channel.   [Eq 15.4]
//   s = sigmoid(f(mean_places(x)))        y = s * x
class SqueezeExcitation : public Module {
 public:
  // ValueError unless 1 <= reduction <= channels
  SqueezeExcitation(Index channels, Index reduction, Rng& rng);

  // x [B, C, Y, X] -> output [B, C, Y, X], gate [B, C]
  Gated operator()(const Variable& x) const;

 private:
  Index channels_;
  Excitation& excitation_;
};

// Each channel times its number.   x [B, C, Y, X], gate [B, C] -> [B, C, Y, X]
Variable weigh_channels(const Variable& x, const Variable& gate);

}  // namespace rapt::nn
