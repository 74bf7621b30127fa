#include "tensor/shifted.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tensor/simd.h"

namespace rapt {
namespace {

using simd::kLanes;
using simd::Vector;

constexpr int kVectors = simd::kRegisters == 32 ? 4 : 2, kRows = 12;

// As many sums at once as there are registers for: few vectors leave room for more rows.
Index most_rows(Index vectors) {
  if (vectors == 1) return kRows;
  return vectors == 2 && simd::kRegisters == 32 ? kRows : 6;
}

// The sums of a tile stay in registers while k runs, as in gemm.cpp.
template <int rows, int vectors>
void multiply_tile(Index depth, ShiftedRows a, ShiftedRows b, Scalar* c, Index c_row, bool add) {
  Vector sum[rows][vectors] = {};
  if (add) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < vectors; ++j) sum[i][j] = simd::load(c + i * c_row + j * kLanes);
  }
  const Scalar* left[rows];
  for (int i = 0; i < rows; ++i) left[i] = a.data + a.start[i];
  for (Index k = 0; k < depth; ++k) {
    Vector part[vectors];
    for (int j = 0; j < vectors; ++j) {
      part[j] = simd::load(b.data + b.start[k] + j * kLanes);
      simd::keep(part[j]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const Vector element = simd::broadcast(left[i][k]);
      for (int j = 0; j < vectors; ++j) sum[i][j] = simd::multiply_add(element, part[j], sum[i][j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) simd::store(sum[i][j], c + i * c_row + j * kLanes);
}

using MultiplyTile = decltype(&multiply_tile<1, 1>);

template <int... i>
constexpr auto all_tiles(std::integer_sequence<int, i...>) {
  return std::array<MultiplyTile, sizeof...(i)>{
      multiply_tile<i / kVectors + 1, i % kVectors + 1>...};
}

MultiplyTile tile_function(Index rows, Index vectors) {
  static constexpr auto functions = all_tiles(std::make_integer_sequence<int, kRows * kVectors>());
  return functions[(rows - 1) * kVectors + vectors - 1];
}

}  // namespace

Index whole_vectors(Index width) { return (width + kLanes - 1) / kLanes * kLanes; }

void multiply_shifted(Index m, Index k, Index n, ShiftedRows a, ShiftedRows b, Scalar* c,
                      Index c_row, bool add) {
  for (Index j = 0; j < n; j += kVectors * kLanes) {
    const Index vectors = std::min<Index>(kVectors, (n - j + kLanes - 1) / kLanes);
    // Tiles of nearly equal height: 13 rows are 4 + 4 + 5, not 6 + 6 + 1.
    const Index tiles = (m + most_rows(vectors) - 1) / most_rows(vectors);
    for (Index t = 0; t < tiles; ++t) {
      const Index i = m * t / tiles, rows = m * (t + 1) / tiles - i;
      tile_function(rows, vectors)(k, {a.data, a.start + i}, {b.data + j, b.start},
                                   c + i * c_row + j, c_row, add);
    }
  }
}

}  // namespace rapt
