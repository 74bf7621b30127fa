#include "autograd/normalize.h"

#include "autograd/arithmetic.h"
#include "autograd/pointwise.h"
#include "autograd/reduce.h"
#include "tensor/normalize.h"

namespace rapt {

// [Eq 12.7] y = (x - m) / s, m = mean x, s = sqrt(mean (x - m)^2 + epsilon).
//                                        dL/dx = (g - mean(g) - y * mean(g * y)) / s
Variable normalize(const Variable& x, Scalar epsilon) {
  const Normalized forward = normalize(x.value(), epsilon);
  return record("normalize", forward.y,
                {{x,
                  [x, epsilon, inverse_deviation = forward.inverse_deviation](
                      const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled())
                      return normalize_gradient(g.value(), {y.value(), inverse_deviation});
                    return grad(normalize_composed(x, epsilon), {x}, g, true)[0];
                  }}});
}

Variable normalize_composed(const Variable& x, Scalar epsilon) {
  const Variable centred = x - mean(x, -1, true);
  const Variable variance = mean(centred * centred, -1, true);
  return centred / sqrt(variance + epsilon);
}

}  // namespace rapt
