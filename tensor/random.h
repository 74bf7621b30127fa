#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace rapt {

// Random numbers that are the same on every machine and with every standard library: xoshiro256**
// (Blackman and Vigna 2018), seeded through splitmix64. There is no global generator; whatever
// draws takes an Rng&, and equal seeds give equal runs.
class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  std::uint64_t next();      // 64 random bits
  double uniform();          // [0, 1), a multiple of 2^-53
  Index below(Index count);  // 0 .. count-1, equally likely; ValueError if count < 1
  double normal();           // mean 0, variance 1 (Marsaglia's polar method)
  bool chance(double probability) { return uniform() < probability; }

  // A generator of its own, for a part that should not depend on how much the others draw.
  Rng fork() { return Rng(next()); }

 private:
  std::array<std::uint64_t, 4> state_;
};

Tensor uniform(const Shape& shape, Scalar bound, Rng& rng);     // in [-bound, bound)
Tensor normal(const Shape& shape, Scalar deviation, Rng& rng);  // mean 0
std::vector<Index> permutation(Index count, Rng& rng);          // 0 .. count-1, shuffled

}  // namespace rapt
