#pragma once
#include <string_view>
#include <vector>

#include "autograd/variable.h"
#include "tensor/ids.h"

namespace rapt::nn {

inline constexpr Index kAny = -1;    // this extent may have any size
inline constexpr Index kFront = -2;  // first of an expected shape: any number of axes in front

// Refuses a shape that a layer cannot take, in the letters of its signature:
//   expect_shape("Linear: x [.., N, in]", x.shape(), {kFront, kAny, 4}) throws
//   "Linear: x [.., N, in]: expected [.., any, 4], got [2, 3]".
void expect_shape(std::string_view what, const Shape& got, const Shape& expected);

inline void expect_shape(std::string_view what, const Variable& got, const Shape& expected) {
  expect_shape(what, got.shape(), expected);
}

// Refuses lengths that do not fit a batch whose shape begins with [B, T]. None at all mean T each.
//   "unroll: 1 lengths for x [B, T, in] of [2, 5, 3]"
//   "unroll: length 6 does not lie in 0 .. 5 of x [B, T, in] of [2, 5, 3]"
void expect_lengths(std::string_view what, std::string_view batch, const Shape& shape,
                    const std::vector<Index>& lengths, Index least = 0);

// "TransformerEncoder: layers must be at least 1, got 0"
void expect_at_least(std::string_view what, Index got, Index least);

// "Dropout: probability must lie in [0, 1), got 2"
void expect_probability(std::string_view what, Scalar got);

// Refuses ids of another shape, an empty batch, and ids outside 0 .. vocabulary-1:
// "Seq2Seq: source [B, S]: token 9 is outside 0 .. 7". ShapeError, IndexError.
void expect_tokens(std::string_view what, const Ids& ids, const Shape& shape, Index vocabulary);

}  // namespace rapt::nn
