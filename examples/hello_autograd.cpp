// The first program of the course: one neuron, its gradients, and its graph.
#include <cstdio>

#include "autograd/graph.h"
#include "autograd/ops.h"

using namespace rapt;

int main() {
  // Two inputs, two weights, a bias. What shall be differentiated says so.
  const Variable x(Tensor({2}, {1, 2}));
  const Variable w(Tensor({2}, {0.5, -0.25}), true);
  const Variable b(Tensor(Shape{}, 0.1), true);

  // y = tanh(w . x + b): every operation computes its value and remembers how to go back.
  const Variable y = tanh(sum(w * x) + b);
  std::printf("y     = %s\n", y.value().str().c_str());

  // One walk from y back to the leaves: dy/dw = (1 - y^2) x, dy/db = 1 - y^2.
  backward(y);
  std::printf("dy/dw = %s\n", w.grad().str().c_str());
  std::printf("dy/db = %s\n", b.grad().str().c_str());

  // The derivative is an expression like any other, so it can be differentiated again:
  // d2y/db2 = -2 y (1 - y^2).
  const Variable slope = grad(y, {b}, Scalar(1), /*create_graph=*/true)[0];
  const Variable curvature = grad(slope, {b}, Scalar(1))[0];
  std::printf("d2y/db2 = %s\n", curvature.value().str().c_str());

  // The graph, for `dot -Tsvg`.
  std::printf("\n%s", to_dot(y, {{"w", w}, {"b", b}}).c_str());
}
