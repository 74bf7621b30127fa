// Why backward() takes the youngest node first. Two recursions over the graph, the ones that come
// to mind first, meet b = a + a; c = b + b: one is wrong, the other is right but visits every path.
// Then a chain of a million nodes, and the gradient of a neuron against differences.
#include <cmath>
#include <cstdio>
#include <unordered_map>
#include <vector>

#include "autograd/graph.h"
#include "autograd/ops.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"

using namespace rapt;

namespace {

struct Naive {
  std::unordered_map<const Node*, double> gradient;
  long visits = 0;
};

// Adds what arrives, then at once passes on all that has arrived so far. Wrong: when a second
// gradient comes, the first is passed on again.
void push_sum(Node& node, double arrived, Naive& state) {
  ++state.visits;
  const double so_far = state.gradient[&node] += arrived;
  for (const Edge& edge : node.edges) {
    const Variable g = edge.derivative(Scalar(so_far), node.handle());
    push_sum(Node::of(edge.input), g.item(), state);
  }
}

// Passes on only what has just arrived. Right, but a node is visited once for every path to it.
void push_arrival(Node& node, double arrived, Naive& state) {
  ++state.visits;
  state.gradient[&node] += arrived;
  for (const Edge& edge : node.edges) {
    const Variable g = edge.derivative(Scalar(arrived), node.handle());
    push_arrival(Node::of(edge.input), g.item(), state);
  }
}

void compare_orders() {
  report::Table table(
      {"doublings", "by hand", "push sum", "push arrival", "visits", "backward", "nodes"});
  for (const int doublings : {1, 2, 3, 4, 10, 20}) {
    const Variable a(Tensor({}, 3), true);
    Variable y = a;
    for (int i = 0; i < doublings; ++i) y = y + y;

    Naive sum, arrival;
    if (doublings <= 10) push_sum(Node::of(y), 1, sum);
    push_arrival(Node::of(y), 1, arrival);
    backward(y);
    table.row({std::to_string(doublings), report::shortest(std::ldexp(1.0, doublings)),
               doublings <= 10 ? report::fixed(sum.gradient[&Node::of(a)], 0) : "-",
               report::fixed(arrival.gradient[&Node::of(a)], 0), std::to_string(arrival.visits),
               report::fixed(a.grad().item(), 0), std::to_string(nodes_of(y).size())});
  }
  std::printf("dy/da where y is a, doubled again and again\n%s\n", table.text().c_str());
}

void long_chain(int length) {
  const Variable x(Tensor({}, 0), true);
  Variable y = x;
  for (int i = 0; i < length; ++i) y = y + 1;
  backward(y);
  std::printf("A chain of %d additions: y = %.0f, dy/dx = %.0f, no recursion\n\n", length, y.item(),
              x.grad().item());
}

// y = tanh(w . x + b)
Variable neuron(const Variable& w, const Variable& b) {
  const Variable x(Tensor({2}, {1, 2}));
  return tanh(sum(w * x) + b);
}

void check_neuron() {
  const Variable w(Tensor({2}, {0.5, -0.25}), true), b(Tensor({}, Scalar(0.1)), true);
  backward(neuron(w, b));
  const double analytic = b.grad().item();
  std::printf("dy/db of a neuron: analytic %.4f\n", analytic);

  report::Table table({"h", "difference", "relative error"});
  for (const double h : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
    const NoGrad off;
    const Variable up = neuron(w, b + Scalar(h)), down = neuron(w, b - Scalar(h));
    const double numeric = (double(up.item()) - double(down.item())) / (2 * h);
    table.row({report::shortest(h), report::fixed(numeric, 4),
               report::significant(std::abs(numeric - analytic) / analytic, 1)});
  }
  std::printf("%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("topological_order", [&] {
    int length = 1000000;
    report::Flags flags("topological_order", "Why the engine takes the youngest node first.");
    flags.option("--length", "N", &length, "nodes in the long chain", 1, 10000000);
    flags.parse(argc, argv);
    compare_orders();
    long_chain(length);
    check_neuron();
    return 0;
  });
}
