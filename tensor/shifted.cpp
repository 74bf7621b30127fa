#include "tensor/shifted.h"

#include <algorithm>

#include "tensor/simd.h"
#include "tensor/tile.h"

namespace rapt {
namespace {

using simd::kLanes;

// The tile finds the numbers of a and the rows of b where their runs start.
struct Elements {
  ShiftedRows rows;
  Scalar operator()(int i, Index k) const { return (rows.data + rows.start[i])[k]; }
};
struct RowOf {
  ShiftedRows rows;
  const Scalar* operator()(Index k) const { return rows.data + rows.start[k]; }
};

}  // namespace

Index whole_vectors(Index width) { return (width + kLanes - 1) / kLanes * kLanes; }

void multiply_shifted(Index m, Index k, Index n, ShiftedRows a, ShiftedRows b, Scalar* c,
                      Index c_row, bool add) {
  constexpr Index kVectors = simd::kRegisters == 32 ? 4 : 2;
  for (Index j = 0; j < n; j += kVectors * kLanes) {
    const Index vectors = std::min<Index>(kVectors, (n - j + kLanes - 1) / kLanes);
    // Tiles of nearly equal height: 13 rows are 4 + 4 + 5, not 6 + 6 + 1.
    const Index tiles = (m + most_rows(vectors) - 1) / most_rows(vectors);
    for (Index t = 0; t < tiles; ++t) {
      const Index i = m * t / tiles, rows = m * (t + 1) / tiles - i;
      tile<Elements, RowOf>(rows, vectors)(k, {{a.data, a.start + i}}, {{b.data + j, b.start}},
                                           c + i * c_row + j, c_row, add, nullptr);
    }
  }
}

}  // namespace rapt
