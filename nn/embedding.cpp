#include "nn/embedding.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Embedding::Embedding(Index vocabulary, Index dim, Rng& rng)
    : weight(parameter("weight", normal({vocabulary, dim}, 1, rng))) {
  expect_at_least("Embedding: vocabulary", vocabulary, 1);
}

Variable Embedding::operator()(const Ids& ids) const { return embedding(weight, ids); }

}  // namespace rapt::nn
