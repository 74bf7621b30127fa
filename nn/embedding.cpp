#include "nn/embedding.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Embedding::Embedding(Index vocabulary, Index dim, Rng& rng, Scalar deviation)
    : weight(parameter("weight", normal({vocabulary, dim}, deviation, rng))) {
  expect_at_least("Embedding: vocabulary", vocabulary, 1);
}

Variable Embedding::operator()(const Ids& ids) const { return embedding(weight, ids); }

Variable Embedding::logits(const Variable& x) const {
  expect_shape("Embedding: logits of x [.., N, D]", x, {kFront, kAny, weight.dim(1)});
  return matmul(x, transpose(weight));
}

ScaledEmbedding::ScaledEmbedding(Index vocabulary, Index dim, Rng& rng)
    : Embedding(vocabulary, dim, rng, 1 / std::sqrt(Scalar(dim))) {}

Variable ScaledEmbedding::operator()(const Ids& ids) const {
  return Embedding::operator()(ids) * std::sqrt(Scalar(weight.dim(1)));
}

}  // namespace rapt::nn
