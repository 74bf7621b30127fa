#pragma once
#include <array>
#include <limits>

#include "tensor/simd.h"

namespace rapt {

// The lanes of v joined pairwise: the upper half with the lower half, until one is left.
template <int half = simd::kLanes / 2, class Join>
Scalar join_lanes(Join join, simd::Vector v) {
  if constexpr (half == 0)
    return v[0];
  else
    return join_lanes<half / 2>(join, simd::lanewise(join, v, simd::lanes_from<half>(v)));
}

// join(.. of(x[i], ..) ..) over runs of numbers, in a fixed order [Eq 1.3]: lane j takes x[j],
// x[j + 16], .., then the sixteen lanes are joined pairwise. The order depends on n alone, not on
// how wide the machine's vectors are, so a sum has the same bits everywhere. `join` and `of` are
// given whole vectors and single numbers.
template <class Join, class Of, class... Run>
Scalar fold(Index n, Scalar start, Join join, Of of, const Run*... x) {
  constexpr Index kLanes = 16, kVectors = kLanes / simd::kLanes;
  std::array<simd::Vector, kVectors> vector;
  vector.fill(simd::broadcast(start));
  Index i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (Index v = 0; v < kVectors; ++v) {
      const Index at = i + v * simd::kLanes;
      const simd::Vector next = simd::lanewise(of, simd::load(x + at)...);
      vector[v] = simd::lanewise(join, vector[v], next);
    }
  // Lanes 8 to 15 join 0 to 7, then 4 to 7 join 0 to 3, ..: in registers if nothing is left over.
  if (i == n) {
    for (Index half = kVectors / 2; half > 0; half /= 2)
      for (Index v = 0; v < half; ++v)
        vector[v] = simd::lanewise(join, vector[v], vector[v + half]);
    return join_lanes(join, vector[0]);
  }
  std::array<Scalar, kLanes> lane;
  for (Index v = 0; v < kVectors; ++v) simd::store(vector[v], &lane[v * simd::kLanes]);
  for (Index j = 0; i + j < n; ++j) lane[j] = join(lane[j], of(x[i + j]...));
  // Written out, because g++ sends a loop over the widths through memory.
  for (Index j = 0; j < 8; ++j) lane[j] = join(lane[j], lane[j + 8]);
  for (Index j = 0; j < 4; ++j) lane[j] = join(lane[j], lane[j + 4]);
  for (Index j = 0; j < 2; ++j) lane[j] = join(lane[j], lane[j + 2]);
  return join(lane[0], lane[1]);
}

inline constexpr auto kAdd = [](auto a, auto b) { return a + b; };

inline Scalar fold_sum(const Scalar* x, Index n) {
  return fold(
      n, 0, kAdd, [](auto v) { return v; }, x);
}

inline Scalar fold_squares(const Scalar* x, Index n) {
  return fold(
      n, 0, kAdd, [](auto v) { return v * v; }, x);
}

// The sum of x[i] y[i].
inline Scalar fold_products(const Scalar* x, const Scalar* y, Index n) {
  return fold(
      n, 0, kAdd, [](auto a, auto b) { return a * b; }, x, y);
}

// A NaN never wins a comparison, so it passes unseen here.
inline Scalar fold_max(const Scalar* x, Index n) {
  return fold(
      n, -std::numeric_limits<Scalar>::infinity(), [](auto a, auto b) { return a > b ? a : b; },
      [](auto v) { return v; }, x);
}

}  // namespace rapt
