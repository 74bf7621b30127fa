#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "autograd/ops.h"
#include "tensor/elementwise.h"

namespace rapt {
namespace {

// A gradient that covers only the part `view` of an input, put in its place among zeros; and the
// adjoint of that, reading the part. Both can be differentiated, each by the other.
Variable part_of(const Variable& whole, const View& view) {
  return record("part_of", view(whole.value()),
                {{whole, [](const Variable& g, const Variable&) { return g; }, view}});
}

Variable placed(const Variable& part, const View& view, const Shape& shape) {
  Tensor whole(shape);
  add_into(view(whole), part.value());
  return record("placed", whole,
                {{part, [view](const Variable& g, const Variable&) { return part_of(g, view); }}});
}

// Whether nobody else sees these numbers: a rule that returns g itself, as those of a + b do, hands
// one node to several inputs.
bool held_alone(const Variable& v) {
  return Node::of(v).handles.load(std::memory_order_acquire) == 1 && v.value().owns_alone();
}

// sum += d, where d is the gradient that arrived along one edge.
void accumulate(std::optional<Variable>& sum, const Variable& d, const Edge& edge) {
  const Shape& shape = edge.input.shape();
  if (grad_enabled()) {
    const Variable whole = edge.view ? placed(d, edge.view, shape) : sum_to(d, shape);
    sum = sum ? *sum + whole : whole;
    return;
  }
  // No graph is being built, so a sum that nobody else holds may grow in place: an input that is
  // read in T slices gets its gradient in T small additions instead of T large ones.
  const bool ours = sum && held_alone(*sum);
  if (edge.view) {
    if (!sum)
      sum = Tensor(shape);
    else if (!ours)
      sum = copy(sum->value());
    add_into(edge.view(sum->value()), d.value());
  } else if (!sum) {
    sum = sum_to(d, shape);
  } else if (ours) {
    add_into(sum->value(), d.value());
  } else {
    sum = *sum + sum_to(d, shape);
  }
}

// Reverse mode: g(y) = dy, then from each node to its inputs, every node once [Eq 2.1]. A node may
// pass its gradient on only when it is complete, that is after all nodes that read it; they are
// younger, so taking the youngest first is always right. visit(node, g) sees every complete
// gradient.
// Nodes before `oldest` are left out: nothing that is wanted lies behind them.
template <class Visit>
void propagate(const Variable& y, const Variable& dy, std::uint64_t oldest, Visit visit) {
  struct Waiting {
    Node* node;
    std::optional<Variable> gradient;  // the sum so far
  };
  std::map<std::uint64_t, Waiting> by_age;

  by_age.emplace(Node::of(y).id, Waiting{&Node::of(y), dy});
  while (!by_age.empty()) {
    const auto youngest = by_age.extract(std::prev(by_age.end()));
    Node* const node = youngest.mapped().node;
    const Variable& g = *youngest.mapped().gradient;
    visit(*node, g);
    if (node->edges.empty()) continue;
    const Variable output = node->handle();
    for (const Edge& edge : node->edges) {
      Node* const input = &Node::of(edge.input);
      if (input->id < oldest) continue;
      Waiting& next = by_age.try_emplace(input->id, Waiting{input, {}}).first->second;
      accumulate(next.gradient, edge.derivative(g, output), edge);
    }
  }
}

}  // namespace

void backward(const Variable& loss) {
  if (loss.value().size() != 1)
    throw ShapeError(message("backward: expected a loss of one element, got shape ", loss.shape()));
  if (!loss.requires_grad())
    throw std::logic_error("backward: the loss depends on no variable that requires a gradient");
  const NoGrad off;
  propagate(loss, Tensor(loss.shape(), 1), 0, [](Node& node, const Variable& g) {
    if (!node.edges.empty()) return;
    // A leaf's gradient has numbers of its own: a and b of a + b receive the same g.
    if (node.grad) {
      if (!node.grad->owns_alone()) *node.grad = copy(*node.grad);  // somebody kept the last one
      add_into(*node.grad, g.value());
    } else {
      node.grad = std::make_unique<Tensor>(g.value().owns_alone() ? g.value() : copy(g.value()));
    }
  });
}

std::vector<Variable> grad(const Variable& y, const std::vector<Variable>& wrt, const Variable& dy,
                           bool create_graph) {
  if (dy.shape() != y.shape())
    throw ShapeError(message("grad: dy has shape ", dy.shape(), ", y has ", y.shape()));
  const GradMode mode(create_graph);
  std::unordered_map<Node*, Variable> found;
  std::unordered_set<Node*> wanted;
  std::uint64_t oldest = Node::of(y).id;
  for (const Variable& v : wrt) {
    if (!v.requires_grad())
      throw std::logic_error(message("grad: a variable of shape ", v.shape(),
                                     " does not require a gradient, so none can be asked for"));
    wanted.insert(&Node::of(v));
    oldest = std::min(oldest, Node::of(v).id);
  }
  if (y.requires_grad())
    propagate(y, dy, oldest, [&](Node& node, const Variable& g) {
      if (wanted.count(&node)) found.emplace(&node, g);
    });
  std::vector<Variable> gradients;
  for (const Variable& v : wrt) {
    const auto at = found.find(&Node::of(v));
    gradients.push_back(at == found.end() ? Variable(Tensor(v.shape())) : at->second);
  }
  return gradients;
}

}  // namespace rapt
