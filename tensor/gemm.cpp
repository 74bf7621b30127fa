#include "tensor/gemm.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "tensor/pack.h"
#include "tensor/parallel.h"
#include "tensor/pieces.h"
#include "tensor/scratch.h"
#include "tensor/simd.h"
#include "tensor/tile.h"

// Matrix multiplication does 2 M K N operations on M K + K N + M N numbers; it is fast if a number,
// once loaded, is used many times. From the inside out:
//
//   tile     a few rows and vectors of c that stay in registers while k runs      (tensor/tile.h)
//   panel    the columns of b under one tile, reused by all row tiles while it lies in a near cache
//   block    rows and columns of c; for a stretch of k, their part of a lies in the L2 cache
//   threads  take one block of c after the other
//
// No level changes the order in which the products of one element of c are added.
namespace rapt {
namespace {

using simd::kLanes;

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
                   Index c_row, bool add, const Scalar* bias) {
  if (a.step.column == 1)
    tile<AlongRow, PanelRow>(rows, vectors)(depth, {a.data, a.step.row}, b, c, c_row, add, bias);
  else
    tile<DownColumn, PanelRow>(rows, vectors)(depth, {a.data, a.step.column}, b, c, c_row, add,
                                              bias);
}

// ---- Panel ------------------------------------------------------------------------------------

constexpr Index kVectors = simd::kRegisters == 32 ? 4 : 2;

// Few rows of c leave registers free for a wider panel.
Index panel_vectors(Index rows) {
  for (Index vectors = kTileVectors; vectors > kVectors; vectors /= 2)
    if (rows <= most_rows(vectors)) return vectors;
  return kVectors;
}

void add_to_rows(const Scalar* bias, Scalar* c, Index c_row, Index rows, Index columns) {
  for (Index i = 0; i < rows; ++i, c += c_row)
    for (Index j = 0; j < columns; ++j) c[j] += bias[j];
}

// c[rows, columns] = a b or c += a b for one panel of b, tile by tile; then c += bias, if any.
void multiply_panel(Index rows, Index columns, Index depth, Operand a, PanelRow b, Scalar* c,
                    Index c_row, bool add, const Scalar* bias) {
  const Index vectors = divide_up(columns, kLanes), width = vectors * kLanes;
  // Tiles of nearly equal height: 13 rows are 5 + 4 + 4, not 6 + 6 + 1.
  const Index tiles = divide_up(rows, most_rows(vectors)), low = rows / tiles, rest = rows % tiles;
  for (Index t = 0, i = 0, height; t < tiles; ++t, i += height) {
    height = t < rest ? low + 1 : low;
    const Operand a_tile = a.from(i, 0);
    Scalar* const c_tile = c + i * c_row;
    if (columns == width) {
      multiply_rows(height, vectors, depth, a_tile, b, c_tile, c_row, add, bias);
      continue;
    }
    Scalar whole[simd::kRegisters * kLanes];  // not all columns of this tile exist
    if (add) copy_rows(c_tile, c_row, whole, width, height, columns);
    multiply_rows(height, vectors, depth, a_tile, b, whole, width, add, nullptr);
    for (Index r = 0; r < height; ++r) std::copy_n(whole + r * width, columns, c_tile + r * c_row);
    if (bias) add_to_rows(bias, c_tile, c_row, height, columns);
  }
}

// ---- Block ------------------------------------------------------------------------------------

// The longer a stretch, the less often c is fetched and stored. A tile takes so few bytes of its
// panel in a cycle that the L2 cache keeps up. In float a panel has 64 KB (256 KB with AVX-512),
// and the copied part of `a` 400 KB.
constexpr Index kBlockDepth = 1024, kBlockColumns = 128, kPartRows = 96, kBlockRows = 1536;
constexpr Index kPanel = kBlockDepth * kVectors * kLanes;
constexpr Index kPackedB = kBlockDepth * kBlockColumns;
constexpr Index kPackedA = (kBlockDepth + kLanes) * kPartRows;
static_assert(kBlockDepth % kLanes == 0 && kPartRows % kLanes == 0 &&
              kBlockColumns % (kTileVectors * kLanes) == 0);

struct Block {
  Index row, rows, column, columns;  // of c
};

// The tile takes rows or columns in place; a copy brings them together, row by row, because long
// strides (above all powers of two) compete for few cache lines and pages.
Operand pack_a(Operand a, Scalar* to, Index rows, Index depth) {
  const Index to_row = round_up(depth, kLanes) + kLanes;  // the last term: no power of two
  pack_rows(a, to, to_row, rows, depth);
  return {to, {to_row, 1}};
}

void multiply_block(Operand a, Operand b, Scalar* c, Block block, Index k, Index n,
                    const Scalar* bias) {
  const Index full = panel_vectors(block.rows) * kLanes;
  // A copy pays if it is read often, unless the original stays in a near cache anyway or lies as
  // close together as the copy would. Each panel of b reads all of a: in 32 columns, too seldom.
  const bool close_a = a.step.column == 1 && a.step.row <= kBlockDepth;
  const bool copy_a =
      (a.step.row != 1 && a.step.column != 1) ||
      (block.columns > std::max<Index>(full, 32) && block.rows * k > 64 * 1024 && !close_a);
  const bool copy_b =
      b.step.column != 1 || (block.rows >= 48 && k * b.step.row > 16 * 1024 && b.step.row > full);
  thread_local Scratch scratch;
  Scalar* const b_room = scratch.room(kPackedB + kPackedA);
  Scalar* const a_room = b_room + kPackedB;

  const Index part = piece(block.rows, kPartRows, kLanes);
  const Index stretch = k == 0 ? 1 : piece(k, kPanel / full, kLanes);
  // An empty sum still has to be written, hence one round for k = 0.
  for (Index k0 = 0; k0 < std::max<Index>(k, 1); k0 += stretch) {
    const Index depth = std::min(stretch, k - k0);
    for (Index i = 0; i < block.rows; i += part) {
      const Index rows = std::min(part, block.rows - i);
      Operand a_part = a.from(block.row + i, k0);
      if (copy_a) a_part = pack_a(a_part, a_room, rows, depth);

      for (Index j = 0; j < block.columns; j += full) {
        const Index columns = std::min(full, block.columns - j);
        const Index width = round_up(columns, kLanes);
        Operand panel = b.from(k0, block.column + j);
        if (copy_b || columns < width) {
          // A panel that is used once is made where the last one was: in a near cache.
          Scalar* const room = b_room + (part < block.rows ? j * round_up(depth, kLanes) : 0);
          if (i == 0) pack_rows(panel, room, width, depth, columns);
          panel = {room, {width, 1}};
        }
        const Index first = block.column + j;
        Scalar* const c_part = c + (block.row + i) * n + first;
        const bool complete = bias && k0 + stretch >= k;
        multiply_panel(rows, columns, depth, a_part, {panel.data, panel.step.row}, c_part, n,
                       k0 > 0, complete ? bias + first : nullptr);
      }
    }
  }
}

}  // namespace

// ---- Threads ----------------------------------------------------------------------------------

void gemm(std::span<const Product> batch, Index m, Index k, Index n, Strides a, Strides b,
          const Scalar* bias) {
  const Index products = static_cast<Index>(batch.size());
  if (products == 0 || m == 0 || n == 0) return;
  if (n == 1 && m > 1) {  // a column would fill one lane of each vector, a row fills them all
    std::vector<Product> turned;
    for (const Product& p : batch) turned.push_back({p.b, p.a, p.c});
    gemm(turned, 1, k, m, {b.column, b.row}, {a.column, a.row});
    if (bias)
      for (const Product& p : batch) add_to_rows(bias, p.c, 1, m, 1);
    return;
  }

  // The larger a block, the fewer copies; but every thread wants some, of 5 microseconds or more.
  constexpr Index kWorthwhile = 1 << 20, kChunk = 1 << 18;  // multiply-adds
  constexpr Index kLeastColumns = kVectors * kLanes;
  // A short sum leaves room for more of b; then more columns share a copy of `a`.
  const Index most_columns = k <= kBlockDepth / 2 ? 2 * kBlockColumns : kBlockColumns;
  Index rows = piece(m, kBlockRows, kLanes), columns = piece(n, most_columns, kLeastColumns);
  const auto blocks = [&] { return products * divide_up(m, rows) * divide_up(n, columns); };
  const bool together = products * m * k * n >= kWorthwhile && thread_count() > 1;
  while (together && blocks() < 2 * thread_count() && rows * k * columns > 2 * kChunk) {
    const bool wide = columns > kLeastColumns, tall = rows > kLanes;
    if (tall && (rows >= columns || !wide))
      rows = piece(rows, divide_up(rows, 2), kLanes);
    else if (wide)
      columns = piece(columns, divide_up(columns, 2), kLeastColumns);
    else
      break;
  }

  const Index down = divide_up(m, rows), across = divide_up(n, columns);
  const auto run = [&](Index begin, Index end) {
    for (Index at = begin; at < end; ++at) {
      const Product& p = batch[at / across / down];
      const Index row = at / across % down * rows, column = at % across * columns;
      const Block block{row, std::min(rows, m - row), column, std::min(columns, n - column)};
      multiply_block({p.a, a}, {p.b, b}, p.c, block, k, n, bias);
    }
  };
  if (!together) return run(0, blocks());
  const Index work = std::max<Index>(1, std::min(m, rows) * k * std::min(n, columns));
  parallel_for(blocks(), divide_up(kChunk, work), std::cref(run));
}

}  // namespace rapt
