#pragma once
#include "tensor/tensor.h"

namespace rapt {

// c[.., M, N] = a[.., M, K] b[.., K, N]; the axes in front broadcast. Transposed views are read in
// place. c[i, j] is summed in the order of k with fused multiply-adds, so it has the same bits for
// any number of threads and any tile size.
Tensor matmul(const Tensor& a, const Tensor& b);

// The same plus bias [N], in one pass over c.
Tensor matmul_plus(const Tensor& a, const Tensor& b, const Tensor& bias);

}  // namespace rapt
