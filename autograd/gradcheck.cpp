#include "autograd/gradcheck.h"

#include <cmath>
#include <type_traits>

#include "autograd/ops.h"
#include "tensor/random.h"

namespace rapt {
namespace {

constexpr std::uint64_t kWeightSeed = 7;

// L(x) = sum(w * f(x)), as a number.
Scalar weighted_sum(const Function& f, const std::vector<Variable>& inputs, const Tensor& weight) {
  const NoGrad off;
  return sum(f(inputs) * weight).item();
}

CheckResult check_input(const Function& f, const std::vector<Variable>& inputs, std::size_t which,
                        const Tensor& weight, const Tensor& gradient, double tolerance) {
  constexpr auto h = Scalar(1e-5);
  Variable x = inputs[which];
  const std::vector<Scalar> analytic = gradient.values();
  for (Index i = 0; i < x.value().size(); ++i) {
    Scalar& element = x.mutable_value().data()[i];
    const Scalar kept = element;
    element = kept + h;
    const double up = weighted_sum(f, inputs, weight);
    element = kept - h;
    const double down = weighted_sum(f, inputs, weight);
    element = kept;
    const double numeric = (up - down) / (2 * h);
    const double error = std::abs(numeric - analytic[i]);
    if (!(error <= tolerance * std::max(1.0, std::abs(numeric))))
      return {message("input ", which, " of shape ", x.shape(), ", element ", i, " (", kept,
                      "): analytic ", analytic[i], ", numeric ", numeric, ", difference ", error)};
  }
  return {};
}

}  // namespace

CheckResult gradcheck(const Function& f, const std::vector<Variable>& inputs, double tolerance) {
  if (!std::is_same_v<Scalar, double>)
    throw std::logic_error("gradcheck: needs the double build; link rapt::rapt_double");
  const GradMode on(true);
  const Variable y = f(inputs);
  std::vector<Variable> checked;
  for (const Variable& x : inputs)
    if (x.requires_grad()) checked.push_back(x);
  if (checked.empty() || y.value().size() == 0)
    throw std::invalid_argument(
        "gradcheck: nothing to check: expected an input that requires a gradient and a result with "
        "elements");
  Rng rng(kWeightSeed);
  const Tensor weight = uniform(y.shape(), 1, rng);
  const std::vector<Variable> gradients = grad(y, checked, weight);
  std::size_t next = 0;
  for (std::size_t which = 0; which < inputs.size(); ++which) {
    if (!inputs[which].requires_grad()) continue;
    const CheckResult result =
        check_input(f, inputs, which, weight, gradients[next++].value(), tolerance);
    if (!result) return result;
  }
  return {};
}

CheckResult gradcheck_twice(const Function& f, const std::vector<Variable>& inputs,
                            double tolerance) {
  const GradMode on(true);
  Rng rng(kWeightSeed + 1);
  const Tensor weight = uniform(f(inputs).shape(), 1, rng);
  for (std::size_t which = 0; which < inputs.size(); ++which) {
    if (!inputs[which].requires_grad()) continue;
    const Function derivative = [&](const std::vector<Variable>& x) {
      const GradMode graph(true);  // the gradient is a function of x, whatever the caller's mode
      return grad(f(x), {x[which]}, weight, true)[0];
    };
    const CheckResult result = gradcheck(derivative, inputs, tolerance);
    if (!result) return {message("second order, gradient of input ", which, ": ", result.failure)};
  }
  return {};
}

}  // namespace rapt
