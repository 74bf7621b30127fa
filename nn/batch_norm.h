#pragma once
#include "nn/module.h"

namespace rapt::nn {

// Ioffe and Szegedy 2015, algorithms 1 and 2: each channel brought to mean 0 and variance 1 over
// the batch and all places, then scaled and shifted by learned amounts.   [Eq 15.3]
//   y = w * (x - mean) / sqrt(variance + epsilon) + b
// In training mean and variance are the batch's own, and running averages follow them; in eval()
// the running averages take their place, so that an answer does not depend on its neighbours.
class BatchNorm : public Module {
 public:
  explicit BatchNorm(Index channels, Scalar momentum = Scalar(0.1), Scalar epsilon = Scalar(1e-5));

  // x [B, C, ..] -> [B, C, ..]. ShapeError in training if a channel has one number only.
  Variable operator()(const Variable& x) const;

  // Of the batches seen in training, the newest with weight `momentum`; the variance is the
  // unbiased one, divided by n - 1. [C], starting at 0 and at 1
  const Tensor& running_mean() const { return running_mean_; }
  const Tensor& running_variance() const { return running_variance_; }

  Variable weight, bias;  // [C], starting at 1, and [C], starting at 0

 private:
  Scalar momentum_, epsilon_;
  mutable Tensor running_mean_, running_variance_;
};

}  // namespace rapt::nn
