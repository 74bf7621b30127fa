#pragma once
#include <vector>

#include "autograd/variable.h"

namespace rapt::optim {

// Holds handles to the parameters it moves and knows nothing of the layers they belong to. A
// parameter that has received no gradient stays where it is.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  virtual void step() = 0;  // moves every parameter once, by its grad()
  void zero_grad();         // before the next backward(), which adds

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double rate);  // ValueError if negative or NaN

 protected:
  Optimizer(std::vector<Variable> parameters, double learning_rate);

  std::vector<Variable> parameters_;

 private:
  double learning_rate_ = 0;
};

// Scales all gradients by one factor so that their common length, the root of the sum of all
// squares, is at most `largest` (Pascanu et al. 2013, section 3.2) [Eq 3.8]. Returns the length
// before. A length that is not finite scales nothing: the caller must look.
double clip_by_global_norm(const std::vector<Variable>& parameters, double largest);

}  // namespace rapt::optim
