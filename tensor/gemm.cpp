#include "tensor/gemm.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "tensor/parallel.h"
#include "tensor/simd.h"

// Matrix multiplication does 2 M K N operations on M K + K N + M N numbers; it is fast if a number,
// once loaded, is used many times. From the inside out:
//
//   tile     a few rows and vectors of c that stay in registers while k runs
//   panel    the columns of b under one tile, reused by all row tiles while it lies in the L1 cache
//   block    rows and columns of c, and a stretch of k, whose part of a lies in the L2 cache
//   threads  take one block of c after the other
//
// No level changes the order in which the products of one element of c are added.
namespace rapt {
namespace {

using simd::kLanes;
using simd::Vector;

// ---- Tile -------------------------------------------------------------------------------------

// The registers hold kRows x kVectors sums, one row of the panel and one broadcast element of a.
#ifndef KR
#define KR 6
#define KV 4
#endif
constexpr int kRows = KR, kVectors = simd::kRegisters == 32 ? KV : 2;

// c += a b for a of rows x depth and b of depth x vectors, or c = a b if `first`. Continuing from
// the c in memory is what keeps the sum in order when k is cut into several stretches.
template <int rows, int vectors>
void multiply_tile(Index depth, const Scalar* a, Strides a_step, const Scalar* b, Index b_row,
                   Scalar* c, Index c_row, bool first) {
  Vector sum[rows][vectors] = {};
  if (!first) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < vectors; ++j) sum[i][j] = simd::load(c + i * c_row + j * kLanes);
  }
  for (Index k = 0; k < depth; ++k, a += a_step.column, b += b_row) {
    Vector b_part[vectors];
    for (int j = 0; j < vectors; ++j) {
      b_part[j] = simd::load(b + j * kLanes);
      simd::keep(b_part[j]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const Vector a_element = simd::broadcast(a[i * a_step.row]);
      for (int j = 0; j < vectors; ++j)
        sum[i][j] = simd::multiply_add(a_element, b_part[j], sum[i][j]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) simd::store(sum[i][j], c + i * c_row + j * kLanes);
}

// The compiler makes one function for each number of rows and vectors, so that a ragged edge wastes
// little.
using MultiplyTile = decltype(&multiply_tile<1, 1>);

template <int... i>
constexpr auto all_tiles(std::integer_sequence<int, i...>) {
  return std::array<MultiplyTile, sizeof...(i)>{
      multiply_tile<i / kVectors + 1, i % kVectors + 1>...};
}

MultiplyTile tile_function(Index rows, Index vectors) {
  static constexpr auto functions =
      all_tiles(std::make_integer_sequence<int, kRows * kVectors>());
  return functions[(rows - 1) * kVectors + vectors - 1];
}

// ---- Panel ------------------------------------------------------------------------------------

Index divide_up(Index count, Index size) { return (count + size - 1) / size; }
Index round_up(Index count, Index size) { return divide_up(count, size) * size; }

// Copies rows of numbers, padding each with zeros to whole vectors.
void copy_rows(const Scalar* from, Index from_row, Scalar* to, Index to_row, Index rows,
               Index columns) {
  for (Index i = 0; i < rows; ++i, from += from_row, to += to_row)
    for (Index j = 0; j < columns; j += kLanes)
      simd::store(simd::load(from + j, columns - j), to + j);
}

// Writes depth x columns of a b whose columns lie in one piece (a transposed matrix) row by row:
// squares of kLanes x kLanes are loaded, turned in registers and stored.
void copy_transposed(const Scalar* from, Index from_column, Scalar* to, Index to_row, Index depth,
                     Index columns) {
  for (Index j = 0; j < columns; j += kLanes) {
    for (Index k = 0; k < depth; k += kLanes) {
      const Scalar* source = from + j * from_column + k;
      Index step = from_column;
      Scalar edge[kLanes * kLanes];
      if (j + kLanes > columns || k + kLanes > depth) {  // complete the square with zeros
        std::fill_n(edge, kLanes * kLanes, Scalar(0));
        for (Index i = 0; i < std::min<Index>(kLanes, columns - j); ++i)
          std::copy_n(source + i * step, std::min<Index>(kLanes, depth - k), edge + i * kLanes);
        source = edge;
        step = kLanes;
      }
      Vector square[kLanes];
      for (int i = 0; i < kLanes; ++i) square[i] = simd::load(source + i * step);
      simd::transpose(square);
      for (int i = 0; i < kLanes; ++i) simd::store(square[i], to + (k + i) * to_row + j);
    }
  }
}

void pack_panel(const Scalar* from, Strides b, Scalar* to, Index to_row, Index depth,
                Index columns) {
  if (b.column == 1) return copy_rows(from, b.row, to, to_row, depth, columns);
  if (b.row == 1) return copy_transposed(from, b.column, to, to_row, depth, columns);
  for (Index k = 0; k < depth; ++k)
    for (Index j = 0; j < to_row; ++j)
      to[k * to_row + j] = j < columns ? from[k * b.row + j * b.column] : 0;
}

// ---- Block ------------------------------------------------------------------------------------

// 256 rows of a panel are 32 KB in float; 192 rows of a, 256 long, are 192 KB.
#ifndef BD
#define BD 256
#define BR 192
#define BC 256
#endif
constexpr Index kBlockDepth = BD, kBlockRows = BR, kBlockColumns = BC;
constexpr Index kPackedPanel = kBlockDepth * kVectors * kLanes;
constexpr Index kPackedA = (kBlockDepth + kLanes) * (kBlockRows + kLanes);

// Room for one packed panel and one packed block of a, on the border of a cache line. Each thread
// has its own and keeps it.
Scalar* scratch() {
  constexpr std::size_t kLine = 64;
  thread_local std::vector<Scalar> room(kPackedPanel + kPackedA + kLine / sizeof(Scalar));
  const auto address = reinterpret_cast<std::uintptr_t>(room.data());
  return room.data() + (kLine - address % kLine) % kLine / sizeof(Scalar);
}

struct Block {
  Index row, rows, column, columns;  // of c
};

#ifndef PACKA
#define PACKA 1
#endif
#ifndef PACKB
#define PACKB 1
#endif

void multiply_block(const Product& product, Block block, Index k, Index n, Strides a, Strides b) {
  const Index row_tiles = divide_up(block.rows, kRows);
  Scalar* const packed_b = scratch();
  Scalar* const packed_a = packed_b + kPackedPanel;

  Scalar edge[kRows * kVectors * kLanes];  // a tile of which only some columns exist

  // An empty sum still has to be written, hence one round for k = 0.
  for (Index k0 = 0; k0 < std::max<Index>(k, 1); k0 += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, k - k0);
    const Scalar* a_part = product.a + block.row * a.row + k0 * a.column;
    Strides a_step = a;
    const bool pack_a = PACKA && block.columns >= 128 && block.rows * k > 32*1024;
    if (pack_a && a.column == 1) {
      a_step = {round_up(depth, kLanes) + kLanes, 1};
      copy_rows(a_part, a.row, packed_a, a_step.row, block.rows, depth);
      a_part = packed_a;
    } else if (pack_a && a.row == 1) {
      a_step = {1, round_up(block.rows, kLanes)};
      copy_rows(a_part, a.column, packed_a, a_step.column, depth, block.rows);
      a_part = packed_a;
    }

    const bool pack_b = PACKB && block.rows >= 48 && k * b.row > 16*1024;
    for (Index j = 0; j < block.columns; j += kVectors * kLanes) {
      const Index columns = std::min<Index>(kVectors * kLanes, block.columns - j);
      const Index vectors = divide_up(columns, kLanes);
      const Scalar* panel = product.b + k0 * b.row + (block.column + j) * b.column;
      Index panel_row = b.row;
      if (b.column != 1 || columns < vectors * kLanes || pack_b) {
        panel_row = vectors * kLanes;
        pack_panel(panel, b, packed_b, panel_row, depth, columns);
        panel = packed_b;
      }
      for (Index t = 0; t < row_tiles; ++t) {
        const Index i = block.rows * t / row_tiles;
        const Index rows = block.rows * (t + 1) / row_tiles - i;
        Scalar* const c = product.c + (block.row + i) * n + block.column + j;
        const MultiplyTile multiply = tile_function(rows, vectors);
        const Scalar* a_tile = a_part + i * a_step.row;
        if (columns == vectors * kLanes) {
          multiply(depth, a_tile, a_step, panel, panel_row, c, n, k0 == 0);
        } else {  // beyond the edge there is no c to write to
          const Index edge_row = vectors * kLanes;
          if (k0 > 0) copy_rows(c, n, edge, edge_row, rows, columns);
          multiply(depth, a_tile, a_step, panel, panel_row, edge, edge_row, k0 == 0);
          for (Index r = 0; r < rows; ++r) std::copy_n(edge + r * edge_row, columns, c + r * n);
        }
      }
    }
  }
}

// Cuts `extent` into the fewest equal pieces of at most `largest`, in whole units.
Index piece(Index extent, Index largest, Index unit) {
  return round_up(divide_up(extent, divide_up(extent, largest)), unit);
}

}  // namespace

// ---- Threads ----------------------------------------------------------------------------------

void gemm(std::span<const Product> batch, Index m, Index k, Index n, Strides a, Strides b) {
  const Index products = static_cast<Index>(batch.size());
  if (products == 0 || m == 0 || n == 0) return;
  if (n == 1 && m > 1) {  // a column would fill one lane of each vector; a row fills them all
    std::vector<Product> turned;
    for (const Product& p : batch) turned.push_back({p.b, p.a, p.c});
    return gemm(turned, 1, k, m, {b.column, b.row}, {a.column, a.row});
  }
  const Index rows = piece(m, kBlockRows, kRows);
  const Index columns = piece(n, kBlockColumns, kVectors * kLanes);
  const Index down = divide_up(m, rows), across = divide_up(n, columns);
  const Index blocks = products * down * across;

  // A million multiply-adds are some 20 microseconds, below which no other thread is worth waking.
  constexpr Index kWorthwhile = 1 << 20, kChunk = kWorthwhile / 2;
  const Index work = std::max<Index>(1, std::min(m, rows) * k * std::min(n, columns));
  const Index grain = blocks * work < kWorthwhile ? blocks : divide_up(kChunk, work);
  const auto run = [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      const Index row = at / across % down * rows, column = at % across * columns;
      multiply_block(batch[at / across / down],
                     {row, std::min(rows, m - row), column, std::min(columns, n - column)}, k, n, a,
                     b);
    }
  };
  parallel_for(blocks, grain, std::cref(run));
}

}  // namespace rapt
