#pragma once
#include <algorithm>
#include <array>
#include <utility>

#include "tensor/fold.h"
#include "tensor/simd.h"

// The heart of every product: a few rows and vectors of c that stay in registers while k runs. How
// the rows of a and b are found is the caller's (gemm.cpp, shifted.cpp).
namespace rapt {

// c += a b, or c = a b without `add`, for a [rows, depth], b [depth, vectors]: a(i, k) is a number,
// b(k) the address of a row, and the rows of c begin `c_row` numbers apart. Each element of c is
// one chain of fused multiply-adds in the order of k; continuing from the c in memory keeps that
// order where k is cut into several stretches. A `bias` [vectors], or nullptr, comes last.
//
// The loops over rows are unrolled by name: g++ would keep `sum` in memory until it does so itself.
template <int rows, int vectors, class A, class B>
void multiply_tile(Index depth, A a, B b, Scalar* c, Index c_row, bool add, const Scalar* bias) {
  using simd::kLanes;
  simd::Vector sum[rows][vectors] = {};
  if (add) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 16
      for (int j = 0; j < vectors; ++j) sum[i][j] = simd::load(c + i * c_row + j * kLanes);
      simd::prefetch(c + (rows + i) * c_row);  // for the tile below
    }
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 16
      for (int j = 0; j < vectors; j += simd::kLine / kLanes)  // here when the sums are complete
        simd::prefetch_to_write(c + i * c_row + j * kLanes);
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) simd::keep(sum[i][j]);
  for (Index k = 0; k < depth; ++k) {
    const Scalar* const b_row = b(k);
    simd::Vector b_part[vectors];
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      b_part[j] = simd::load(b_row + j * kLanes);
      if (rows > 1) simd::keep(b_part[j]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const simd::Vector a_element = simd::broadcast(a(i, k));
#pragma GCC unroll 16
      for (int j = 0; j < vectors; ++j)
        sum[i][j] = simd::multiply_add(a_element, b_part[j], sum[i][j]);
    }
  }
  if (bias) {
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) {
      const simd::Vector last = simd::load(bias + j * kLanes);
#pragma GCC unroll 16
      for (int i = 0; i < rows; ++i) sum[i][j] = simd::lanewise(kAdd, sum[i][j], last);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 16
    for (int j = 0; j < vectors; ++j) simd::store(sum[i][j], c + i * c_row + j * kLanes);
}

// The registers hold the sums, one row of b and one broadcast element of a. An fma takes 4 cycles
// and two start in each, so some 8 sums should be under way: a tile of few rows is wider, one of
// few vectors taller.
inline constexpr int kTileRows = 12, kTileVectors = 8;
constexpr Index most_rows(Index vectors) {
  return std::clamp<Index>((simd::kRegisters - 1) / vectors - 1, 1, kTileRows);
}

// One function for each number of rows and vectors, so that a ragged edge wastes little.
template <class A, class B>
using MultiplyTile = void (*)(Index depth, A a, B b, Scalar* c, Index c_row, bool add,
                              const Scalar* bias);

template <class A, class B, int rows, int vectors>
constexpr MultiplyTile<A, B> tile_of_size() {
  if constexpr (rows <= most_rows(vectors)) return multiply_tile<rows, vectors, A, B>;
  return nullptr;
}

template <class A, class B, int... i>
constexpr auto all_tiles(std::integer_sequence<int, i...>) {
  return std::array<MultiplyTile<A, B>, sizeof...(i)>{
      tile_of_size<A, B, i / kTileVectors + 1, i % kTileVectors + 1>()...};
}

template <class A, class B>
MultiplyTile<A, B> tile(Index rows, Index vectors) {
  static constexpr auto functions =
      all_tiles<A, B>(std::make_integer_sequence<int, kTileRows * kTileVectors>());
  return functions[(rows - 1) * kTileVectors + vectors - 1];
}

}  // namespace rapt
