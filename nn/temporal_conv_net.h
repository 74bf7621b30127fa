#pragma once
#include "nn/conv1d.h"
#include "nn/dropout.h"
#include "nn/linear.h"

namespace rapt::nn {

struct TemporalOptions {
  Index in = 1;         // features of x
  Index channels = 32;  // features of every level
  Index levels = 4;     // with dilations 1, 2, 4, ..
  Index kernel = 3;
  Scalar dropout = 0;

  Index receptive_field() const;  // 1 + 2 (kernel - 1) (2^levels - 1)   [Eq 5.6]
};

// Bai et al. 2018, section 3: two causal convolutions, and around them a residual sum.
//   y = relu(x + F(x)), F = dropout(relu(conv(.))) twice
// Where the widths differ, x passes a convolution of one tap, which is a linear layer. The paper's
// weight normalization is left out.
class TemporalBlock : public Module {
 public:
  TemporalBlock(Index in, Index out, Index kernel, Index dilation, Scalar dropout, Rng& rng);

  // x [B, T, in] -> [B, T, out]
  Variable operator()(const Variable& x) const;

 private:
  Conv1d &conv1_, &conv2_;
  Dropout& dropout_;
  Linear* skip_ = nullptr;  // where in and out differ
};

// Such blocks one after the other, each with twice the dilation of the last: what a step sees grows
// as 2^levels, at a cost that grows as levels.
class TemporalConvNet : public Module {
 public:
  TemporalConvNet(const TemporalOptions& options, Rng& rng);

  // x [B, T, in] -> [B, T, channels]; y_t depends on x_(t - receptive_field() + 1) .. x_t alone
  Variable operator()(const Variable& x) const;

  Index receptive_field() const { return options_.receptive_field(); }

 private:
  TemporalOptions options_;
  List<TemporalBlock>& blocks_;
};

}  // namespace rapt::nn
