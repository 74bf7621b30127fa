#include "autograd/softmax.h"

#include <limits>

#include "autograd/arithmetic.h"
#include "autograd/lookup.h"
#include "autograd/pointwise.h"
#include "autograd/reduce.h"
#include "tensor/masked_softmax.h"
#include "tensor/reduce.h"

namespace rapt {

// [Eq 7.3] y_i = e^(x_i) / sum_j e^(x_j).         dL/dx_i = y_i (g_i - sum_j g_j y_j)
Variable softmax(const Variable& x, Index axis) {
  return record("softmax", softmax(x.value(), axis),
                {{x, [axis](const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled()) return softmax_gradient(g.value(), y.value(), axis);
                    return y * (g - sum(g * y, axis, true));
                  }}});
}

// y = softmax x over the allowed elements, else 0. dL/dx_i = y_i (g_i - sum_j g_j y_j), else 0
Variable masked_softmax(const Variable& x, const Tensor& allowed) {
  if (allows_everything(allowed)) return softmax(x);
  return record("masked_softmax", masked_softmax(x.value(), allowed),
                {{x, [allowed](const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled())
                      return masked_softmax_gradient(g.value(), y.value(), allowed);
                    return where(allowed, y * (g - sum(g * y, -1, true)), Scalar(0));
                  }}});
}

Variable masked_softmax_composed(const Variable& x, const Tensor& allowed) {
  return softmax(where(allowed, x, -std::numeric_limits<Scalar>::infinity()));
}

// y_i = x_i - log sum_j e^(x_j).                  dL/dx_i = g_i - e^(y_i) sum_j g_j
Variable log_softmax(const Variable& x, Index axis) {
  return record("log_softmax", log_softmax(x.value(), axis),
                {{x, [axis](const Variable& g, const Variable& y) {
                    return g - exp(y) * sum(g, axis, true);
                  }}});
}

// y = log sum_i e^(x_i).                          dL/dx_i = g softmax(x)_i
Variable logsumexp(const Variable& x, Index axis, bool keep) {
  const Variable y =
      record("logsumexp", logsumexp(x.value(), axis),
             {{x, [x, axis](const Variable& g, const Variable&) { return g * softmax(x, axis); }}});
  return keep ? y : sum(y, axis);
}

}  // namespace rapt
