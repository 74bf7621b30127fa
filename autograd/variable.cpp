#include "autograd/variable.h"

#include <algorithm>
#include <atomic>

namespace rapt {
namespace {

thread_local bool enabled = true;
std::atomic<std::uint64_t> next_id{0};

}  // namespace

Node::Node(const Tensor& v) : value(v), id(next_id.fetch_add(1, std::memory_order_relaxed)) {}

Node::~Node() {
  std::vector<std::shared_ptr<Node>> pending;
  const auto unlink = [&pending](Node& node) {
    for (Edge& edge : node.edges) pending.push_back(Node::of(edge.input).shared_from_this());
    node.edges.clear();
  };
  unlink(*this);
  while (!pending.empty()) {
    const std::shared_ptr<Node> node = std::move(pending.back());
    pending.pop_back();
    if (node.use_count() == 1) unlink(*node);
  }
}

Variable::Variable(const Tensor& value, bool requires_grad)
    : node_(std::make_shared<Node>(requires_grad ? copy(value) : value)) {
  node_->requires_grad = requires_grad;
  if (requires_grad) node_->op = "leaf";
}

const Tensor& Variable::value() const { return node_->value; }
Tensor& Variable::mutable_value() { return node_->value; }
bool Variable::requires_grad() const { return node_->requires_grad; }
bool Variable::has_grad() const { return node_->grad.has_value(); }
void Variable::clear_grad() { node_->grad.reset(); }

const Tensor& Variable::grad() const {
  if (!node_->grad)
    throw std::logic_error(message("grad: no gradient yet for this variable of shape ", shape(),
                                   "; call backward() on a loss that depends on it"));
  return *node_->grad;
}

Variable record(const char* op, const Tensor& value, std::vector<Edge> edges) {
  Variable y(value);
  Node& node = Node::of(y);
  node.op = op;
  if (!enabled) return y;
  std::erase_if(edges, [](const Edge& edge) { return !edge.input.requires_grad(); });
  node.requires_grad = !edges.empty();
  node.edges = std::move(edges);
  return y;
}

bool grad_enabled() { return enabled; }
GradMode::GradMode(bool on) : before_(enabled) { enabled = on; }
GradMode::~GradMode() { enabled = before_; }

}  // namespace rapt
