#include "autograd/together.h"

#include <utility>

#include "autograd/views.h"

namespace rapt {
namespace {

// What the rules of one operation share. The rule of the first input runs the kernel and keeps the
// others' gradients for them.
struct Together {
  std::vector<Variable> inputs;
  Gradients gradients;
  Formula formula;
  std::optional<Variable> upstream;  // what the gradients below belong to
  std::vector<std::optional<Tensor>> waiting;

  Tensor take(std::size_t input, const Variable& g, const Variable& y) {
    const bool mine = upstream && &Node::of(*upstream) == &Node::of(g) && waiting[input];
    if (!mine) {
      const std::vector<Tensor> all = gradients(g.value(), y.value());
      waiting.assign(all.begin(), all.end());
      upstream = g;
    }
    const Tensor d = *std::exchange(waiting[input], std::nullopt);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (waiting[i] && inputs[i].requires_grad()) return d;
    waiting.clear();
    upstream.reset();
    return d;
  }

  Variable differentiable(std::size_t input, const Variable& g) const {
    // Nodes of their own: one input may depend on another, and that share is not for this rule.
    std::vector<Variable> own;
    for (const Variable& x : inputs) own.push_back(reshape(x, x.shape()));
    return grad(formula(own), {own[input]}, g, true)[0];
  }
};

}  // namespace

Variable record_together(const char* op, const Tensor& value, const std::vector<Variable>& inputs,
                         const Gradients& gradients, const Formula& formula) {
  const auto shared = std::make_shared<Together>(Together{inputs, gradients, formula, {}, {}});
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    edges.push_back({inputs[i], [shared, i](const Variable& g, const Variable& y) -> Variable {
                       if (grad_enabled()) return shared->differentiable(i, g);
                       return shared->take(i, g, y);
                     }});
  return record(op, value, edges);
}

}  // namespace rapt
