#pragma once
#include <vector>

#include "tensor/scalar.h"

namespace rapt {

// Rows of a matrix that may overlap: element (i, j) stands at data[start[i] + j]. What a window
// sees in a padded image is such a matrix, one row for each cell, without a copy of its columns.
struct ShiftedRows {
  const Scalar* data;
  const Index* start;
};

Index whole_vectors(Index width);  // rounded up to what multiply_shifted writes

// c[i, j] = sum_k a[i, k] b[k, j], added in the order of k as by gemm, or c += with `add`.
// The rows of b and of c are read and written in whole vectors: there must be room for them.
// a [M, K], b [K, N], c [M, N]
void multiply_shifted(Index m, Index k, Index n, ShiftedRows a, ShiftedRows b, Scalar* c,
                      Index c_row, bool add);

}  // namespace rapt
