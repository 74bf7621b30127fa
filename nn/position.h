#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// Vaswani et al. 2017, section 3.5: the even features of position t are sin(t / 10000^(2i/D)), the
// odd ones cos of the same angle.   [Eq 10.1]
// -> [T, D]
Tensor sinusoidal_table(Index length, Index dim);

// Adds the fixed table above.
class SinusoidalPositions : public Module {
 public:
  SinusoidalPositions(Index longest, Index dim);

  // x [B, T, D] -> [B, T, D]; ShapeError if T is above `longest`
  Variable operator()(const Variable& x) const;

 private:
  Tensor table_;  // [longest, D]
};

// Adds a learned vector for each position (Gehring et al. 2017, section 3.1).   [Eq 10.2]
class LearnedPositions : public Module {
 public:
  LearnedPositions(Index longest, Index dim, Rng& rng);

  // x [B, T, D] -> [B, T, D]; ShapeError if T is above `longest`
  Variable operator()(const Variable& x) const;

  Variable weight;  // [longest, D], drawn from a normal of deviation 0.02
};

}  // namespace rapt::nn
