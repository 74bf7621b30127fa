#pragma once
#include <span>

#include "tensor/scalar.h"

namespace rapt {

// How an operand lies in memory: element (i, j) stands at data[i * row + j * column]. A transposed
// matrix has its two strides exchanged; a stride of 0 repeats one row or column.
struct Strides {
  Index row, column;
};

// A matrix, or the part of one that starts at `data`.
struct Operand {
  const Scalar* data;
  Strides step;

  const Scalar* at(Index i, Index j) const { return data + i * step.row + j * step.column; }
  Operand from(Index i, Index j = 0) const { return {at(i, j), step}; }
  Operand transposed() const { return {data, {step.column, step.row}}; }
};

// One product of a batch: c[M, N] = a[M, K] b[K, N]; c is contiguous, row by row, and overlaps
// neither a nor b.
struct Product {
  const Scalar* a;
  const Scalar* b;
  Scalar* c;
};

// Computes all products of a batch, on all threads of the pool. Each element is the plain sum
//
//   c[i, j] = 0;  for k = 0 .. K-1:  c[i, j] = fma(a[i, k], b[k, j], c[i, j])
//
// to the last bit, whatever the sizes, strides, threads and instruction set (with fma). If there is
// a `bias` [N], it is added to each row of c, to sums that are complete, while they are at hand.
void gemm(std::span<const Product> batch, Index m, Index k, Index n, Strides a, Strides b,
          const Scalar* bias = nullptr);

}  // namespace rapt
