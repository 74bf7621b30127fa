#include "autograd/linear.h"

#include "autograd/arithmetic.h"
#include "autograd/matmul.h"
#include "autograd/views.h"
#include "tensor/matmul.h"

namespace rapt {

// [Eq 3.1] y = x W^T + b.                         dL/dx = g W     dL/dW = g^T x     dL/db = g
Variable linear(const Variable& x, const Variable& weight, const Variable& bias) {
  if (weight.rank() != 2 || bias.shape() != Shape{weight.dim(0)})
    throw ShapeError(message("linear: expected a weight [out, in] and a bias [out], got ",
                             weight.shape(), " and ", bias.shape()));
  const Tensor y = matmul_plus(x.value(), weight.value().transpose(), bias.value());
  return record(
      "linear", y,
      {{x, [weight](const Variable& g, const Variable&) { return matmul(g, weight); }},
       {weight, [x](const Variable& g,
                    const Variable&) { return matmul(transpose(as_rows(g)), as_rows(x)); }},
       {bias, [](const Variable& g, const Variable&) { return g; }}});
}

Variable linear_composed(const Variable& x, const Variable& weight, const Variable& bias) {
  return matmul(x, transpose(weight)) + bias;
}

}  // namespace rapt
