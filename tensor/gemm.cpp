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
//   block    rows and columns of c; for a stretch of k, their part of a lies in the L2 cache
//   threads  take one block of c after the other
//
// No level changes the order in which the products of one element of c are added.
namespace rapt {
namespace {

using simd::kLanes;
using simd::Vector;

// A matrix, or the part of one that starts at `data`.
struct Operand {
  const Scalar* data;
  Strides step;

  const Scalar* at(Index i, Index j) const { return data + i * step.row + j * step.column; }
  Operand from(Index i, Index j) const { return {at(i, j), step}; }
};

// ---- Tile -------------------------------------------------------------------------------------

// The registers hold kRows x kVectors sums, one row of the panel and one broadcast element of a.
// An fma takes 4 cycles and one or two start in each, so at least 4 .. 8 sums must be under way.
constexpr int kRows = 6, kVectors = simd::kRegisters == 32 ? 4 : 2;

// c += a b for a of rows x depth and b of depth x vectors, or c = a b if `first`. Continuing from
// the c in memory is what keeps the sum in order when k is cut into several stretches. (Without the
// pragmas g++ leaves the loops over rows for later and keeps `sum` in memory until then.)
template <int rows, int vectors>
void multiply_tile(Index depth, Operand a, const Scalar* b, Index b_row, Scalar* c, Index c_row,
                   bool first) {
  Vector sum[rows][vectors] = {};
  if (!first) {
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < vectors; ++j) sum[i][j] = simd::load(c + i * c_row + j * kLanes);
  }
  for (Index k = 0; k < depth; ++k) {
    Vector b_part[vectors];
    for (int j = 0; j < vectors; ++j) {
      b_part[j] = simd::load(b + k * b_row + j * kLanes);
      simd::keep(b_part[j]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const Vector a_element = simd::broadcast(*a.at(i, k));
      for (int j = 0; j < vectors; ++j)
        sum[i][j] = simd::multiply_add(a_element, b_part[j], sum[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < vectors; ++j) simd::store(sum[i][j], c + i * c_row + j * kLanes);
}

// One function for each number of rows and vectors, so that a ragged edge wastes little.
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

// Writes a b whose columns lie in one piece (a transposed matrix) row by row: squares of kLanes x
// kLanes are loaded, transposed in registers and stored. Writes whole squares, padded with zeros.
void copy_transposed(Operand b, Scalar* to, Index to_row, Index depth, Index columns) {
  for (Index j = 0; j < columns; j += kLanes) {
    for (Index k = 0; k < depth; k += kLanes) {
      const Scalar* from = b.at(k, j);
      Index from_column = b.step.column;
      Scalar edge[kLanes * kLanes];
      if (j + kLanes > columns || k + kLanes > depth) {
        std::fill_n(edge, kLanes * kLanes, Scalar(0));
        for (Index i = 0; i < std::min<Index>(kLanes, columns - j); ++i)
          std::copy_n(b.at(k, j + i), std::min<Index>(kLanes, depth - k), edge + i * kLanes);
        from = edge;
        from_column = kLanes;
      }
      Vector square[kLanes];
      for (int i = 0; i < kLanes; ++i) square[i] = simd::load(from + i * from_column);
      simd::transpose(square);
      for (int i = 0; i < kLanes; ++i) simd::store(square[i], to + (k + i) * to_row + j);
    }
  }
}

// The tile wants the rows of its panel in whole vectors.
void pack_panel(Operand b, Scalar* to, Index to_row, Index depth, Index columns) {
  if (b.step.column == 1) return copy_rows(b.data, b.step.row, to, to_row, depth, columns);
  if (b.step.row == 1) return copy_transposed(b, to, to_row, depth, columns);
  for (Index k = 0; k < depth; ++k)
    for (Index j = 0; j < to_row; ++j) to[k * to_row + j] = j < columns ? *b.at(k, j) : 0;
}

// ---- Block ------------------------------------------------------------------------------------

// A stretch of k; in float a panel is then at most 64 KB and the part of a 192 KB.
constexpr Index kBlockDepth = 256, kBlockRows = 192, kBlockColumns = 256;
constexpr Index kPackedPanel = kBlockDepth * kVectors * kLanes;
constexpr Index kPackedA = (kBlockDepth + kLanes) * kBlockRows;
static_assert(kBlockDepth % kLanes == 0 && kBlockRows % kLanes == 0 && kBlockRows % kRows == 0);

struct Block {
  Index row, rows, column, columns;  // of c
};

// Room for one packed panel and one packed part of a, on the border of a cache line. Each thread
// has its own and keeps it.
Scalar* scratch() {
  constexpr std::size_t kLine = 64;
  thread_local std::vector<Scalar> room(kPackedPanel + kPackedA + kLine / sizeof(Scalar));
  const auto address = reinterpret_cast<std::uintptr_t>(room.data());
  return room.data() + (kLine - address % kLine) % kLine / sizeof(Scalar);
}

// The tile takes a with any strides; a copy only brings it together, in the direction in which it
// lies, because long strides (above all powers of two) compete for few cache lines and pages.
Operand pack_a(Operand a, Scalar* to, Index rows, Index depth) {
  if (a.step.column == 1) {
    const Index to_row = round_up(depth, kLanes) + kLanes;  // the last term: no power of two
    copy_rows(a.data, a.step.row, to, to_row, rows, depth);
    return {to, {to_row, 1}};
  }
  if (a.step.row == 1) {
    const Index to_column = round_up(rows, kLanes);
    copy_rows(a.data, a.step.column, to, to_column, depth, rows);
    return {to, {1, to_column}};
  }
  return a;
}

void multiply_block(Operand a, Operand b, Scalar* c, Block block, Index k, Index n) {
  Scalar* const panel_room = scratch();
  Scalar* const a_room = panel_room + kPackedPanel;
  Scalar edge[kRows * kVectors * kLanes];  // for a tile of which not all columns exist

  // A copy pays if it is read often, and if the original does not stay in the L1 cache anyway.
  const bool copy_a = block.columns >= 128 && block.rows * k > 32 * 1024;
  const bool copy_b = block.rows >= 48 && k * b.step.row > 16 * 1024;

  // An empty sum still has to be written, hence one round for k = 0.
  for (Index k0 = 0; k0 < std::max<Index>(k, 1); k0 += kBlockDepth) {
    const Index depth = std::min(kBlockDepth, k - k0);
    Operand a_part = a.from(block.row, k0);
    if (copy_a) a_part = pack_a(a_part, a_room, block.rows, depth);

    for (Index j = 0; j < block.columns; j += kVectors * kLanes) {
      const Index columns = std::min<Index>(kVectors * kLanes, block.columns - j);
      const Index vectors = divide_up(columns, kLanes), width = vectors * kLanes;
      Operand panel = b.from(k0, block.column + j);
      if (copy_b || b.step.column != 1 || columns < width) {
        pack_panel(panel, panel_room, width, depth, columns);
        panel = {panel_room, {width, 1}};
      }

      // Tiles of nearly equal height: 13 rows are 4 + 4 + 5, not 6 + 6 + 1.
      const Index tiles = divide_up(block.rows, kRows);
      for (Index t = 0; t < tiles; ++t) {
        const Index i = block.rows * t / tiles, rows = block.rows * (t + 1) / tiles - i;
        const MultiplyTile multiply = tile_function(rows, vectors);
        const Operand a_tile = a_part.from(i, 0);
        Scalar* const c_tile = c + (block.row + i) * n + block.column + j;
        if (columns == width) {
          multiply(depth, a_tile, panel.data, panel.step.row, c_tile, n, k0 == 0);
          continue;
        }
        if (k0 > 0) copy_rows(c_tile, n, edge, width, rows, columns);
        multiply(depth, a_tile, panel.data, panel.step.row, edge, width, k0 == 0);
        for (Index r = 0; r < rows; ++r) std::copy_n(edge + r * width, columns, c_tile + r * n);
      }
    }
  }
}

// Cuts `extent` into the fewest nearly equal pieces of at most `largest`, in whole units.
Index piece(Index extent, Index largest, Index unit) {
  return round_up(divide_up(extent, divide_up(extent, largest)), unit);
}

}  // namespace

// ---- Threads ----------------------------------------------------------------------------------

void gemm(std::span<const Product> batch, Index m, Index k, Index n, Strides a, Strides b) {
  const Index products = static_cast<Index>(batch.size());
  if (products == 0 || m == 0 || n == 0) return;
  if (n == 1 && m > 1) {  // a column would fill one lane of each vector, a row fills them all
    std::vector<Product> turned;
    for (const Product& p : batch) turned.push_back({p.b, p.a, p.c});
    return gemm(turned, 1, k, m, {b.column, b.row}, {a.column, a.row});
  }
  const Index rows = piece(m, kBlockRows, kRows);
  const Index columns = piece(n, kBlockColumns, kVectors * kLanes);
  const Index down = divide_up(m, rows), across = divide_up(n, columns);
  const Index blocks = products * down * across;

  // A million multiply-adds take some 20 microseconds; for less no other thread is woken.
  constexpr Index kWorthwhile = 1 << 20, kChunk = kWorthwhile / 2;
  const Index work = std::max<Index>(1, std::min(m, rows) * k * std::min(n, columns));
  const Index grain = blocks * work < kWorthwhile ? blocks : divide_up(kChunk, work);

  const auto run = [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      const Product& p = batch[at / across / down];
      const Index row = at / across % down * rows, column = at % across * columns;
      const Block block{row, std::min(rows, m - row), column, std::min(columns, n - column)};
      multiply_block({p.a, a}, {p.b, b}, p.c, block, k, n);
    }
  };
  parallel_for(blocks, grain, std::cref(run));
}

}  // namespace rapt
