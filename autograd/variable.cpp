#include "autograd/variable.h"

#include <utility>

namespace rapt {
namespace {

thread_local bool enabled = true;
std::atomic<std::uint64_t> next_id{0};

}  // namespace

Node::Node(Tensor v) : id(next_id.fetch_add(1, std::memory_order_relaxed)), value(std::move(v)) {}

void Node::release(Node* node) {
  // Deleting a node drops its handles to others, which may come back here: they only join the list.
  thread_local Node* waiting = nullptr;
  thread_local bool busy = false;
  node->next = std::exchange(waiting, node);
  if (busy) return;
  busy = true;
  while (waiting) delete std::exchange(waiting, waiting->next);
  busy = false;
}

Variable::Variable(Tensor value, bool requires_grad)
    : Variable(*new Node(requires_grad ? copy(value) : std::move(value))) {
  node_->requires_grad = requires_grad;
  if (requires_grad) node_->op = "leaf";
}

Tensor& Variable::mutable_value() { return node_->value; }
bool Variable::has_grad() const { return node_->grad != nullptr; }
void Variable::clear_grad() { node_->grad.reset(); }

const Tensor& Variable::grad() const {
  if (!node_->grad)
    throw std::logic_error(message("grad: no gradient yet for this variable of shape ", shape(),
                                   "; call backward() on a loss that depends on it"));
  return *node_->grad;
}

Variable record(const char* op, Tensor value, std::span<Edge> edges) {
  Variable y(std::move(value));
  Node& node = Node::of(y);
  node.op = op;
  if (!enabled) return y;
  node.edges.reserve(edges.size());
  for (Edge& edge : edges)
    if (edge.derivative) node.edges.push_back(std::move(edge));
  node.requires_grad = !node.edges.empty();
  return y;
}

bool grad_enabled() { return enabled; }
GradMode::GradMode(bool on) : before_(enabled) { enabled = on; }
GradMode::~GradMode() { enabled = before_; }

}  // namespace rapt
