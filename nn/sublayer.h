#pragma once
#include "nn/activation.h"
#include "nn/dropout.h"
#include "nn/layer_norm.h"
#include "nn/linear.h"

namespace rapt::nn {

// Where layer norm stands: after each residual sum, as in the paper, or before each sub-layer
// (Xiong et al. 2020), which stands higher learning rates without warm-up.
enum class NormPlace { post, pre };

// Vaswani et al. 2017, figure 1, "Add & Norm": what surrounds every sub-layer f of a Transformer.
//   post: norm(x + f(x))   [Eq 12.2]      pre: x + f(norm(x))   [Eq 12.3]
// A layer calls y = norm.output(x, f(norm.input(x))); what f gives is dropped out before the sum.
class AddNorm : public LayerNorm {
 public:
  AddNorm(Index dim, NormPlace place, const Dropout& dropout);

  // x [.., D] -> [.., D], what the sub-layer reads
  Variable input(const Variable& x) const;
  // x [.., D], result [.., D] of the sub-layer -> [.., D]
  Variable output(const Variable& x, const Variable& result) const;

 private:
  NormPlace place_;
  const Dropout& dropout_;
};

// relu(x W1^T + b1) W2^T + b2, at every position by itself, or with another activation.  [Eq 12.4]
// x [.., N, D] -> [.., N, D]
Variable feed_forward(const Linear& linear1, Activation activation, const Linear& linear2,
                      const Variable& x);

}  // namespace rapt::nn
