#include "autograd/softmax.h"

#include "autograd/arithmetic.h"
#include "autograd/pointwise.h"
#include "autograd/reduce.h"
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
