#pragma once
#include <functional>
#include <string>
#include <vector>

#include "autograd/variable.h"

namespace rapt {

// Empty if the check passed, else what differs: input, element, analytic and numeric value.
struct CheckResult {
  std::string failure;
  explicit operator bool() const { return failure.empty(); }
};

using Function = std::function<Variable(const std::vector<Variable>& inputs)>;

// Compares every element of dL/dx with the central difference (L(x + h) - L(x - h)) / 2h, where
// L = sum(w * f(x)) with w drawn at random: a plain sum would accept a wrong rule whose errors
// cancel, as those of softmax do. Passes if |analytic - numeric| <= tolerance * max(1, |numeric|).
// Needs the double build (link rapt::rapt_double): float has too few digits for a difference.
// [Eq 2.2]
CheckResult gradcheck(const Function& f, const std::vector<Variable>& inputs,
                      double tolerance = 1e-6);

// The same for the gradient itself as a function of the inputs: the rules differentiate, too.
CheckResult gradcheck_twice(const Function& f, const std::vector<Variable>& inputs,
                            double tolerance = 1e-5);

}  // namespace rapt
