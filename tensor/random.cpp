#include "tensor/random.h"

#include <bit>
#include <cmath>
#include <numeric>

#include "tensor/math.h"

namespace rapt {
namespace {

// splitmix64 (Steele, Lea and Flood 2014): turns any seed, 0 too, into well mixed bits.
std::uint64_t splitmix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = splitmix(seed);
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

Index Rng::below(Index count) {
  if (count < 1) throw ValueError(message("Rng::below: expected at least 1, got ", count));
  const auto range = static_cast<std::uint64_t>(count);
  const std::uint64_t uneven = -range % range;  // 2^64 mod range: draws below it would favour some
  std::uint64_t bits;
  do bits = next();
  while (bits < uneven);
  return static_cast<Index>(bits % range);
}

double Rng::normal() {
  // A point in the unit disc, without its centre; the second number it would give is dropped, so
  // that the generator has no state but its words. The logarithm is our own: std::log may differ
  // in its last digit between systems.
  for (;;) {
    const double x = 2 * uniform() - 1, y = 2 * uniform() - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1)
      return x * std::sqrt(-2 * static_cast<double>(log(static_cast<Scalar>(square))) / square);
  }
}

Tensor uniform(const Shape& shape, Scalar bound, Rng& rng) {
  Tensor x = Tensor::uninitialized(shape);
  for (Index i = 0; i < x.size(); ++i)
    x.base()[i] = bound * static_cast<Scalar>(2 * rng.uniform() - 1);
  return x;
}

Tensor normal(const Shape& shape, Scalar deviation, Rng& rng) {
  Tensor x = Tensor::uninitialized(shape);
  for (Index i = 0; i < x.size(); ++i) x.base()[i] = deviation * static_cast<Scalar>(rng.normal());
  return x;
}

std::vector<Index> permutation(Index count, Rng& rng) {
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = count - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
  return order;
}

}  // namespace rapt
