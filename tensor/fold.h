#pragma once
#include <array>
#include <functional>
#include <limits>

#include "tensor/scalar.h"

namespace rapt {

// join(.. of(x[i]) ..) over a run of numbers, in a fixed order [Eq 1.3]: lane j takes x[j],
// x[j + 16], .., then the sixteen lanes are joined pairwise. The order depends on n alone, not on
// how wide the machine's vectors are, so a sum has the same bits everywhere, and the lanes still
// vectorize.
template <class Join, class Of>
Scalar fold(const Scalar* x, Index n, Scalar start, Join join, Of of) {
  constexpr Index kLanes = 16;
  std::array<Scalar, kLanes> lane;
  lane.fill(start);
  Index i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (Index j = 0; j < kLanes; ++j) lane[j] = join(lane[j], of(x[i + j]));
  for (Index j = 0; i + j < n; ++j) lane[j] = join(lane[j], of(x[i + j]));
  for (Index width = kLanes / 2; width > 0; width /= 2)
    for (Index j = 0; j < width; ++j) lane[j] = join(lane[j], lane[j + width]);
  return lane[0];
}

inline Scalar fold_sum(const Scalar* x, Index n) {
  return fold(x, n, 0, std::plus<Scalar>(), [](Scalar v) { return v; });
}

inline Scalar fold_squares(const Scalar* x, Index n) {
  return fold(x, n, 0, std::plus<Scalar>(), [](Scalar v) { return v * v; });
}

// A NaN never wins a comparison, so it passes unseen here.
inline Scalar fold_max(const Scalar* x, Index n) {
  return fold(
      x, n, -std::numeric_limits<Scalar>::infinity(),
      [](Scalar a, Scalar b) { return a > b ? a : b; }, [](Scalar v) { return v; });
}

}  // namespace rapt
