#include "optim/optimizer.h"

#include <cmath>
#include <unordered_set>

namespace rapt::optim {

Optimizer::Optimizer(std::vector<Variable> parameters, double learning_rate)
    : parameters_(std::move(parameters)) {
  std::unordered_set<const Node*> seen;
  for (const Variable& p : parameters_) {
    if (!p.requires_grad() || !Node::of(p).edges.empty())
      throw ValueError(message("Optimizer: a variable of shape ", p.shape(),
                               " is no parameter: a leaf that requires a gradient"));
    if (!seen.insert(&Node::of(p)).second)
      throw ValueError(message("Optimizer: a parameter of shape ", p.shape(), " is listed twice"));
  }
  set_learning_rate(learning_rate);
}

void Optimizer::zero_grad() {
  for (Variable& p : parameters_) p.clear_grad();
}

void Optimizer::set_learning_rate(double rate) {
  if (!(rate >= 0))
    throw ValueError(message("Optimizer: learning rate must be at least 0, got ", rate));
  learning_rate_ = rate;
}

double clip_by_global_norm(const std::vector<Variable>& parameters, double largest) {
  if (!(largest > 0))
    throw ValueError(message("clip_by_global_norm: the norm must be above 0, got ", largest));
  double squares = 0;
  for (const Variable& p : parameters)
    if (p.has_grad())
      for (const Scalar g : p.grad().values()) squares += static_cast<double>(g) * g;
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm) || norm <= largest) return norm;
  const auto scale = static_cast<Scalar>(largest / norm);
  for (const Variable& p : parameters) {
    if (!p.has_grad()) continue;
    Tensor gradient = p.grad();  // shares its numbers
    Scalar* g = gradient.data();
    for (Index i = 0; i < gradient.size(); ++i) g[i] *= scale;
  }
  return norm;
}

}  // namespace rapt::optim
