#pragma once
#include "tensor/random.h"

namespace rapt::nn {

// Ones on the diagonal. -> [N, N]
Tensor identity(Index n);

// Orthonormal columns (rows, where there are fewer of them): Gram and Schmidt's method on normal
// numbers, so that every rotation is equally likely (Saxe et al. 2014, section 3).
// -> [rows, columns]
Tensor orthogonal(Index rows, Index columns, Rng& rng);

}  // namespace rapt::nn
