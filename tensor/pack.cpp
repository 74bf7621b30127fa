#include "tensor/pack.h"

#include <algorithm>

#include "tensor/simd.h"

namespace rapt {
namespace {

using simd::kLanes;

// Writes a matrix whose columns lie in one piece (a transposed one) row by row: squares of kLanes x
// kLanes are loaded, transposed in registers and stored. Writes whole squares, padded with zeros.
void copy_transposed(Operand b, Scalar* to, Index to_row, Index rows, Index columns) {
  for (Index j = 0; j < columns; j += kLanes) {
    for (Index k = 0; k < rows; k += kLanes) {
      const Scalar* from = b.at(k, j);
      Index from_column = b.step.column;
      Scalar edge[kLanes * kLanes];
      if (j + kLanes > columns || k + kLanes > rows) {
        std::fill_n(edge, kLanes * kLanes, Scalar(0));
        for (Index i = 0; i < std::min<Index>(kLanes, columns - j); ++i)
          std::copy_n(b.at(k, j + i), std::min<Index>(kLanes, rows - k), edge + i * kLanes);
        from = edge;
        from_column = kLanes;
      }
      simd::Vector square[kLanes];
      for (int i = 0; i < kLanes; ++i) {
        square[i] = simd::load(from + i * from_column);
        simd::prefetch(from + (i + kLanes) * from_column);  // for the squares beside these
      }
      simd::transpose(square);
      for (int i = 0; i < kLanes; ++i) simd::store(square[i], to + (k + i) * to_row + j);
    }
  }
}

// The rows of a panel lie far apart: no machine guesses where the next ones are.
template <int vectors>
void copy_vectors(const Scalar* from, Index from_row, Scalar* to, Index to_row, Index rows) {
  constexpr Index kAhead = 12;  // rows
  for (Index i = 0; i < rows; ++i, from += from_row, to += to_row) {
    simd::Vector row[vectors];
    for (int j = 0; j < vectors; ++j) row[j] = simd::load(from + j * kLanes);
    simd::prefetch(from + kAhead * from_row);
    for (int j = 0; j < vectors; ++j) simd::store(row[j], to + j * kLanes);
  }
}

}  // namespace

void copy_rows(const Scalar* from, Index from_row, Scalar* to, Index to_row, Index rows,
               Index columns) {
  switch (columns) {  // a loop of known length over one row costs half
    case 2 * kLanes:
      return copy_vectors<2>(from, from_row, to, to_row, rows);
    case 4 * kLanes:
      return copy_vectors<4>(from, from_row, to, to_row, rows);
  }
  const Index whole = columns / kLanes * kLanes;
  for (Index i = 0; i < rows; ++i, from += from_row, to += to_row) {
    for (Index j = 0; j < whole; j += kLanes) simd::store(simd::load(from + j), to + j);
    if (whole < columns) simd::store(simd::load(from + whole, columns - whole), to + whole);
  }
}

void pack_rows(Operand from, Scalar* to, Index to_row, Index rows, Index columns) {
  if (from.step.column == 1) return copy_rows(from.data, from.step.row, to, to_row, rows, columns);
  if (from.step.row == 1) return copy_transposed(from, to, to_row, rows, columns);
  const Index width = (columns + kLanes - 1) / kLanes * kLanes;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < width; ++j) to[i * to_row + j] = j < columns ? *from.at(i, j) : 0;
}

}  // namespace rapt
