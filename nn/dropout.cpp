#include "nn/dropout.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Dropout::Dropout(Scalar probability, Rng& rng) : probability_(probability), rng_(rng.fork()) {
  expect_probability("Dropout: probability", probability);
}

Variable Dropout::operator()(const Variable& x) const {
  if (!training() || probability_ == 0) return x;
  Tensor kept = Tensor::uninitialized(x.shape());
  const Scalar scale = 1 / (1 - probability_);
  for (Index i = 0; i < kept.size(); ++i) kept.data()[i] = rng_.chance(probability_) ? 0 : scale;
  return x * kept;
}

}  // namespace rapt::nn
