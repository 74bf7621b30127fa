#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace rapt {

struct Node;

// A handle to one node of the graph; copies share the node. A Variable is never empty.
class Variable {
 public:
  // Implicit: a Tensor is a constant and stays shared. A leaf that learns copies its numbers, so
  // that an optimizer changes nobody else's.
  Variable(const Tensor& value, bool requires_grad = false);
  Variable(Scalar value) : Variable(Tensor(Shape{}, value)) {}
  Variable(const Variable&) = default;  // and no move, which would leave an empty one behind
  Variable& operator=(const Variable&) = default;

  const Tensor& value() const;
  const Shape& shape() const { return value().shape(); }
  Index rank() const { return value().rank(); }
  Index dim(Index axis) const { return value().dim(axis); }
  Scalar item() const { return value().item(); }

  bool requires_grad() const;
  bool has_grad() const;
  const Tensor& grad() const;                            // std::logic_error before backward()
  void clear_grad();                                     // as before the first backward()
  Variable detach() const { return Variable(value()); }  // the same numbers, no history
  Tensor& mutable_value();                               // for optim/ and the gradient check only

 private:
  explicit Variable(std::shared_ptr<Node> node) : node_(std::move(node)) {}
  std::shared_ptr<Node> node_;
  friend struct Node;
};

struct NamedVariable {
  std::string name;
  Variable variable;
};

// One input's share of the chain rule: given g = dL/dy and the output y, returns dL/d(input).
// y is an argument, because a rule that captured its own output would own itself and leak.
using Derivative = std::function<Variable(const Variable& g, const Variable& y)>;

// The part of its input that an operation read (a slice), where that is not the whole.
using View = std::function<Tensor(const Tensor& input)>;

// The rule returns the gradient in the shape of the output, or of the view if there is one; the
// engine, not the rule, sums over broadcast axes and adds a part where it belongs.
struct Edge {
  Variable input;
  Derivative derivative;
  View view = nullptr;
};

struct Node : std::enable_shared_from_this<Node> {
  Tensor value;
  std::vector<Edge> edges;      // empty for leaves and for constants
  const char* op = "constant";  // the operation that made it; "leaf" if it requires a gradient
  std::uint64_t id;             // creation order: inputs always have smaller ids. Gradients are
                                // added in this order, so f(x) + g(x), whose operands C++ lets
                                // a compiler evaluate in either order, may differ in last bits
  bool requires_grad = false;
  std::optional<Tensor> grad;  // leaves only; owned, never shared

  explicit Node(const Tensor& value);
  ~Node();  // unlinks with a worklist: recursion would overflow the stack on long chains
  Variable handle() { return Variable(shared_from_this()); }
  static Node& of(const Variable& v) { return *v.node_; }
};

// Every operation ends here. Edges to inputs that need no gradient are dropped; under NoGrad, all.
Variable record(const char* op, const Tensor& value, std::vector<Edge> edges);

// Adds dloss/dleaf into grad() of every leaf that loss depends on. loss has one element.
void backward(const Variable& loss);

// dL/dv for each v of `wrt`, given dy = dL/dy; zeros where y does not depend on v. Leaves stay
// untouched. With create_graph the results can be differentiated again.
std::vector<Variable> grad(const Variable& y, const std::vector<Variable>& wrt, const Variable& dy,
                           bool create_graph = false);

// Whether operations of this thread are recorded. Scopes nest.
bool grad_enabled();
class GradMode {
 public:
  explicit GradMode(bool enabled);
  ~GradMode();
  GradMode(const GradMode&) = delete;

 private:
  bool before_;
};
struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

}  // namespace rapt
