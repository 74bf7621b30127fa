#pragma once
#include "optim/optimizer.h"

namespace rapt::optim {

struct SGDOptions {
  double learning_rate = 0.1;
  double momentum = 0;      // mu, in [0, 1)
  double weight_decay = 0;  // adds decay * p to the gradient
};

// Stochastic gradient descent with momentum (Sutskever et al. 2013, section 2).   [Eq 3.4]
//   v = mu v + g       p = p - rate v
class SGD : public Optimizer {
 public:
  SGD(std::vector<Variable> parameters, const SGDOptions& options);
  void step() override;

 private:
  SGDOptions options_;
  std::vector<Tensor> velocity_;
};

}  // namespace rapt::optim
