#include "optim/adam.h"

#include <cmath>

#include "tensor/parallel.h"

namespace rapt::optim {
namespace {

constexpr Index kGrain = 16384;  // elements of one block

}  // namespace

Adam::Adam(std::vector<Variable> parameters, const AdamOptions& options)
    : Adam(std::move(parameters), options, false) {}

Adam::Adam(std::vector<Variable> parameters, const AdamOptions& options, bool decoupled)
    : Optimizer(std::move(parameters), options.learning_rate),
      options_(options),
      decoupled_(decoupled) {
  for (const double beta : {options.beta1, options.beta2})
    if (!(beta >= 0 && beta < 1))
      throw ValueError(message("Adam: beta must lie in [0, 1), got ", beta));
  if (!(options.epsilon >= 0))
    throw ValueError(message("Adam: epsilon must be at least 0, got ", options.epsilon));
  if (!(options.weight_decay >= 0))
    throw ValueError(message("Adam: weight decay must be at least 0, got ", options.weight_decay));
  for (const Variable& p : parameters_) {
    mean_.emplace_back(p.shape());
    square_.emplace_back(p.shape());
  }
}

void Adam::step() {
  power1_ *= options_.beta1;
  power2_ *= options_.beta2;
  const auto b1 = static_cast<Scalar>(options_.beta1), b2 = static_cast<Scalar>(options_.beta2);
  const auto rate = static_cast<Scalar>(learning_rate() / (1 - power1_));
  const auto root = static_cast<Scalar>(1 / std::sqrt(1 - power2_));
  const auto epsilon = static_cast<Scalar>(options_.epsilon);
  const auto shrink =
      static_cast<Scalar>(decoupled_ ? 1 - learning_rate() * options_.weight_decay : 1);
  const auto decay = static_cast<Scalar>(decoupled_ ? 0 : options_.weight_decay);
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    if (!parameters_[k].has_grad()) continue;
    Scalar* p = parameters_[k].mutable_value().data();
    Scalar *m = mean_[k].data(), *v = square_[k].data();
    const Scalar* gradient = parameters_[k].grad().data();
    parallel_for(mean_[k].size(), kGrain, [=](Index begin, Index end) {
      for (Index i = begin; i < end; ++i) {
        const Scalar g = gradient[i] + decay * p[i];
        m[i] = b1 * m[i] + (1 - b1) * g;
        v[i] = b2 * v[i] + (1 - b2) * (g * g);
        p[i] = shrink * p[i] - rate * m[i] / (std::sqrt(v[i]) * root + epsilon);
      }
    });
  }
}

}  // namespace rapt::optim
