#pragma once
#include <functional>
#include <vector>

#include "autograd/variable.h"

namespace rapt::nn {

// Mean and spread of a gradient that depends on chance.
struct GradientEstimate {
  Index draws;
  std::vector<Tensor> mean;            // of each parameter, in its shape
  std::vector<Tensor> standard_error;  // of that mean: sqrt(variance / draws), element by element
  double total_variance;  // of one draw: the variances of all elements, summed   [Eq 9.8]
};

// Draws the loss `draws` times (2 or more), and its gradient each time. Sums run in double.
//   estimate_gradient([&] { return loss_of_one_draw(); }, model.parameters(), 1000)
// The leaves' own grad() stays untouched.
GradientEstimate estimate_gradient(const std::function<Variable()>& loss,
                                   const std::vector<Variable>& parameters, Index draws);

}  // namespace rapt::nn
