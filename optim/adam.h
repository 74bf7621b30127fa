#pragma once
#include "optim/optimizer.h"

namespace rapt::optim {

struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;  // each in [0, 1)
  double epsilon = 1e-8;
  double weight_decay = 0;
};

// Kingma and Ba 2015, algorithm 1.   [Eq 3.5]
//   m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
//   p = p - rate * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
// Weight decay adds decay * p to the gradient.
class Adam : public Optimizer {
 public:
  Adam(std::vector<Variable> parameters, const AdamOptions& options);
  void step() override;

 protected:
  // AdamW instead shrinks p by rate * decay before the step, apart from the gradient.
  Adam(std::vector<Variable> parameters, const AdamOptions& options, bool decoupled);

 private:
  // A piece of one parameter, its m, v and g.
  struct Stretch {
    Scalar *p, *m, *v;
    const Scalar* gradient;
    Index size;
  };
  std::vector<Stretch> cut();

  AdamOptions options_;
  bool decoupled_;
  double power1_ = 1, power2_ = 1;  // b1^t and b2^t
  std::vector<Tensor> mean_, square_;
};

// Loshchilov and Hutter 2019, algorithm 2.   [Eq 3.6]
class AdamW : public Adam {
 public:
  AdamW(std::vector<Variable> parameters, const AdamOptions& options)
      : Adam(std::move(parameters), options, true) {}
};

}  // namespace rapt::optim
