#include "tensor/gemm.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "tensor/pack.h"
#include "tensor/parallel.h"
#include "tensor/scratch.h"
#include "tensor/simd.h"
#include "tensor/tile.h"

// Matrix multiplication does 2 M K N operations on M K + K N + M N numbers; it is fast if a number,
// once loaded, is used many times. From the inside out:
//
//   tile     a few rows and vectors of c that stay in registers while k runs      (tensor/tile.h)
//   panel    the columns of b under one tile, reused by all row tiles while it lies in the L1 cache
//   block    rows and columns of c; for a stretch of k, their part of a lies in the L2 cache
//   threads  take one block of c after the other
//
// No level changes the order in which the products of one element of c are added.
namespace rapt {
namespace {

using simd::kLanes;

Index divide_up(Index count, Index size) { return (count + size - 1) / size; }
Index round_up(Index count, Index size) { return divide_up(count, size) * size; }

// Cuts `extent` into the fewest nearly equal pieces of at most `largest`, in whole units.
Index piece(Index extent, Index largest, Index unit) {
  return round_up(divide_up(extent, divide_up(extent, largest)), unit);
}

// ---- Tile -------------------------------------------------------------------------------------

// The two ways in which a tile finds the numbers of a: along a row or down a column of memory.
struct AlongRow {
  const Scalar* data;
  Index row;
  Scalar operator()(int i, Index k) const { return data[i * row + k]; }
};
struct DownColumn {
  const Scalar* data;
  Index column;
  Scalar operator()(int i, Index k) const { return data[i + k * column]; }
};
struct PanelRow {
  const Scalar* data;
  Index row;
  const Scalar* operator()(Index k) const { return data + k * row; }
};

void multiply_rows(Index rows, Index vectors, Index depth, Operand a, PanelRow b, Scalar* c,
                   Index c_row, bool add) {
  if (a.step.column == 1)
    tile<AlongRow, PanelRow>(rows, vectors)(depth, {a.data, a.step.row}, b, c, c_row, add);
  else
    tile<DownColumn, PanelRow>(rows, vectors)(depth, {a.data, a.step.column}, b, c, c_row, add);
}

// ---- Block ------------------------------------------------------------------------------------

// A stretch of k; in float a panel is then at most 64 KB and the part of a 192 KB.
constexpr Index kBlockDepth = 256, kPartRows = 192, kBlockRows = 384, kBlockColumns = 256;
constexpr Index kVectors = simd::kRegisters == 32 ? 4 : 2, kRows = most_rows(kVectors);
static_assert(kBlockDepth % kLanes == 0 && kPartRows % kLanes == 0 && kPartRows % kRows == 0);

struct Block {
  Index row, rows, column, columns;  // of c
};

// Few rows of c leave registers free for a wider panel.
Index panel_vectors(Index rows) {
  for (Index vectors = kTileVectors; vectors > kVectors; vectors /= 2)
    if (rows <= most_rows(vectors)) return vectors;
  return kVectors;
}

// The tile takes rows or columns in place; a copy brings them together, in the direction in which
// they lie, because long strides (above all powers of two) compete for few cache lines and pages.
Operand pack_a(Operand a, Scalar* to, Index rows, Index depth) {
  if (a.step.row == 1) {
    const Index to_column = round_up(rows, kLanes);
    copy_rows(a.data, a.step.column, to, to_column, depth, rows);
    return {to, {1, to_column}};
  }
  const Index to_row = round_up(depth, kLanes) + kLanes;  // the last term: no power of two
  pack_rows(a, to, to_row, rows, depth);
  return {to, {to_row, 1}};
}

// The panels of one block, one after the other, while k stays in one stretch.
void pack_panels(Operand b, Scalar* to, Index panel, Index depth, Index columns) {
  for (Index k = 0; k < depth; ++k)
    for (Index j = 0; j < columns; j += panel) {
      const Index width = std::min(panel, columns - j);
      copy_rows(b.at(k, j), 0, to + j * depth + k * round_up(width, kLanes), 0, 1, width);
    }
}

void multiply_block(Operand a, Operand b, Scalar* c, Block block, Index k, Index n) {
  // A copy pays if it is read often, and if the original does not stay in the L1 cache anyway.
  const bool copy_a = (a.step.row != 1 && a.step.column != 1) ||
                      (block.columns >= 128 && block.rows * k > 32 * 1024);
  const bool copy_b = b.step.column != 1 || (block.rows >= 48 && k * b.step.row > 16 * 1024);

  thread_local Scratch scratch;
  constexpr Index kPackedB = kBlockDepth * (kBlockColumns + kTileVectors * kLanes);
  Scalar* const b_room = scratch.room(kPackedB + (kBlockDepth + kLanes) * kPartRows);
  Scalar* const a_room = b_room + kPackedB;
  Scalar edge[kRows * kTileVectors * kLanes];  // for a tile of which not all columns exist

  const Index stretch = k == 0 ? 1 : piece(k, kBlockDepth, kLanes);
  const Index part = piece(block.rows, kPartRows, kRows);
  const Index full = panel_vectors(block.rows) * kLanes;
  // An empty sum still has to be written, hence one round for k = 0.
  for (Index k0 = 0; k0 < std::max<Index>(k, 1); k0 += stretch) {
    const Index depth = std::min(stretch, k - k0);
    const bool by_rows = copy_b && b.step.column == 1;
    if (by_rows) pack_panels(b.from(k0, block.column), b_room, full, depth, block.columns);
    for (Index i0 = 0; i0 < block.rows; i0 += part) {
      const Index part_rows = std::min(part, block.rows - i0);
      Operand a_part = a.from(block.row + i0, k0);
      if (copy_a) a_part = pack_a(a_part, a_room, part_rows, depth);

      for (Index j = 0; j < block.columns; j += full) {
        const Index columns = std::min<Index>(full, block.columns - j);
        const Index vectors = divide_up(columns, kLanes), width = vectors * kLanes;
        Operand panel = b.from(k0, block.column + j);
        if (copy_b || columns < width) {
          Scalar* const room = b_room + j * depth;
          if (i0 == 0 && !by_rows) pack_rows(panel, room, width, depth, columns);
          panel = {room, {width, 1}};
        }

        // Tiles of nearly equal height: 13 rows are 4 + 4 + 5, not 6 + 6 + 1.
        const Index tiles = divide_up(part_rows, std::min(kRows, most_rows(vectors)));
        for (Index t = 0; t < tiles; ++t) {
          const Index i = part_rows * t / tiles, rows = part_rows * (t + 1) / tiles - i;
          const Operand a_tile = a_part.from(i, 0);
          Scalar* const c_tile = c + (block.row + i0 + i) * n + block.column + j;
          const PanelRow b_row{panel.data, panel.step.row};
          if (columns == width) {
            multiply_rows(rows, vectors, depth, a_tile, b_row, c_tile, n, k0 > 0);
            continue;
          }
          if (k0 > 0) copy_rows(c_tile, n, edge, width, rows, columns);
          multiply_rows(rows, vectors, depth, a_tile, b_row, edge, width, k0 > 0);
          for (Index r = 0; r < rows; ++r) std::copy_n(edge + r * width, columns, c_tile + r * n);
        }
      }
    }
  }
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

  const auto run = [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      const Product& p = batch[at / across / down];
      const Index row = at / across % down * rows, column = at % across * columns;
      const Block block{row, std::min(rows, m - row), column, std::min(columns, n - column)};
      multiply_block({p.a, a}, {p.b, b}, p.c, block, k, n);
    }
  };

  // A million multiply-adds take some 20 microseconds; for less no other thread is woken.
  constexpr Index kWorthwhile = 1 << 20, kChunk = kWorthwhile / 2;
  const Index work = std::max<Index>(1, std::min(m, rows) * k * std::min(n, columns));
  if (blocks * work < kWorthwhile) return run(0, blocks);
  parallel_for(blocks, divide_up(kChunk, work), std::cref(run));
}

}  // namespace rapt
