#pragma once
#include "tensor/gemm.h"

namespace rapt {

// Copies rows of numbers, padding each with zeros to whole vectors.
void copy_rows(const Scalar* from, Index from_row, Scalar* to, Index to_row, Index rows,
               Index columns);

// Copies [rows, columns] of an operand with any strides, row by row, each row padded with zeros to
// whole vectors. There must be room for a multiple of the vector's length of rows.
void pack_rows(Operand from, Scalar* to, Index to_row, Index rows, Index columns);

}  // namespace rapt
