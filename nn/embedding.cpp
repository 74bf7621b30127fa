#include "nn/embedding.h"

#include "autograd/ops.h"

namespace rapt::nn {

Embedding::Embedding(Index vocabulary, Index dim, Rng& rng)
    : weight(parameter("weight", normal({vocabulary, dim}, 1, rng))) {}

Variable Embedding::operator()(const Ids& ids) const { return embedding(weight, ids); }

}  // namespace rapt::nn
