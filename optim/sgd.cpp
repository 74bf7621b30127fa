#include "optim/sgd.h"

namespace rapt::optim {

SGD::SGD(std::vector<Variable> parameters, const SGDOptions& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options) {
  if (!(options.momentum >= 0 && options.momentum < 1))
    throw ValueError(message("SGD: momentum must lie in [0, 1), got ", options.momentum));
  if (!(options.weight_decay >= 0))
    throw ValueError(message("SGD: weight decay must be at least 0, got ", options.weight_decay));
  for (const Variable& p : parameters_) velocity_.emplace_back(p.shape());
}

void SGD::step() {
  const auto rate = static_cast<Scalar>(learning_rate());
  const auto momentum = static_cast<Scalar>(options_.momentum);
  const auto decay = static_cast<Scalar>(options_.weight_decay);
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    if (!parameters_[k].has_grad()) continue;
    Scalar* p = parameters_[k].mutable_value().data();
    Scalar* v = velocity_[k].data();
    const Scalar* g = parameters_[k].grad().data();
    for (Index i = 0; i < velocity_[k].size(); ++i) {
      v[i] = momentum * v[i] + (g[i] + decay * p[i]);
      p[i] -= rate * v[i];
    }
  }
}

}  // namespace rapt::optim
