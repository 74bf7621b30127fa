#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/rule.h"
#include "tensor/tensor.h"

namespace rapt {

struct Node;

// A handle to one node of the graph; copies share the node. A Variable is never empty.
class Variable {
 public:
  // Implicit: a Tensor is a constant and stays shared. A leaf that learns copies its numbers, so
  // that an optimizer changes nobody else's.
  Variable(Tensor value, bool requires_grad = false);
  Variable(Scalar value) : Variable(Tensor(Shape{}, value)) {}
  inline Variable(const Variable& other);  // and no move, which would leave an empty one behind
  inline Variable& operator=(const Variable& other);
  inline ~Variable();

  inline const Tensor& value() const;
  const Shape& shape() const { return value().shape(); }
  Index rank() const { return value().rank(); }
  Index dim(Index axis) const { return value().dim(axis); }
  Scalar item() const { return value().item(); }

  inline bool requires_grad() const;
  bool has_grad() const;
  const Tensor& grad() const;                            // std::logic_error before backward()
  void clear_grad();                                     // as before the first backward()
  Variable detach() const { return Variable(value()); }  // the same numbers, no history
  Tensor& mutable_value();                               // for optim/ and the gradient check only

 private:
  inline explicit Variable(Node& node);
  Node* node_;
  friend struct Node;
};

struct NamedVariable {
  std::string name;
  Variable variable;
};

// One input's share of the chain rule: given g = dL/dy and the output y, returns dL/d(input).
// y is an argument, because a rule that captured its own output would own itself and leak.
using Derivative = Rule<Variable(const Variable& g, const Variable& y)>;

// The part of its input that an operation read (a slice), where that is not the whole.
using View = std::function<Tensor(const Tensor& input)>;

// The rule returns the gradient in the shape of the output, or of the view if there is one; the
// engine, not the rule, sums over broadcast axes and adds a part where it belongs. Where no
// gradient will flow, because the input needs none or nothing is recorded, the rule is not kept.
struct Edge {
  Variable input;
  Derivative derivative;
  View view;

  template <class F>
  Edge(const Variable& input, F rule, View view = nullptr);
};

struct Node : Recycled {
  std::atomic<int> handles{0};  // Variables that share this node; the last one deletes it
  bool requires_grad = false;
  const char* op = "constant";  // the operation that made it; "leaf" if it requires a gradient
  std::uint64_t id;             // creation order: inputs always have smaller ids. Gradients are
                                // added in this order, so f(x) + g(x), whose operands C++ lets
                                // a compiler evaluate in either order, may differ in last bits
  Tensor value;
  std::vector<Edge, RecyclingAllocator<Edge>> edges;  // empty for leaves and for constants
  std::unique_ptr<Tensor> grad;                       // leaves only; owned, never shared
  Node* next = nullptr;                               // while it waits to be deleted

  explicit Node(Tensor value);
  Variable handle() { return Variable(*this); }
  static Node& of(const Variable& v) { return *v.node_; }
  // Deletes the node and what only it kept alive, one after the other: recursion would overflow
  // the stack on long chains.
  static void release(Node* node);
};

// Every operation ends here. Edges to inputs that need no gradient are dropped; under NoGrad, all.
Variable record(const char* op, Tensor value, std::span<Edge> edges);
template <std::size_t n>
Variable record(const char* op, Tensor value, Edge (&&edges)[n]) {
  return record(op, std::move(value), std::span<Edge>(edges));
}

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

// ---- A training step makes and drops handles by the thousand: these are compiled into its loops.

inline Variable::Variable(Node& node) : node_(&node) {
  node_->handles.fetch_add(1, std::memory_order_relaxed);
}
inline Variable::Variable(const Variable& other) : Variable(*other.node_) {}
inline Variable& Variable::operator=(const Variable& other) {
  Variable copy(other);
  std::swap(node_, copy.node_);
  return *this;
}
inline Variable::~Variable() {
  // The only handle there is cannot be copied meanwhile, so it need not count down.
  if (node_->handles.load(std::memory_order_acquire) == 1 ||
      node_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1)
    Node::release(node_);
}
inline const Tensor& Variable::value() const { return node_->value; }
inline bool Variable::requires_grad() const { return node_->requires_grad; }

template <class F>
Edge::Edge(const Variable& from, F rule, View part) : input(from), view(std::move(part)) {
  if (input.requires_grad() && grad_enabled()) derivative = Derivative(std::move(rule));
}

}  // namespace rapt
