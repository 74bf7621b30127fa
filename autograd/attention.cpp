#include "autograd/attention.h"

#include "autograd/arithmetic.h"
#include "autograd/matmul.h"
#include "autograd/softmax.h"
#include "autograd/together.h"
#include "autograd/views.h"
#include "tensor/attention.h"

namespace rapt {

// y = w v, w = softmax(scale q k^T) over the allowed keys.   ds = w (g v^T - sum(w (g v^T)))
//                                     dL/dq = scale ds k     dL/dk = scale ds^T q     dL/dv = w^T g
Variable attention(const Variable& q, const Variable& k, const Variable& v, const Tensor& allowed,
                   Scalar scale) {
  // Few weights for each query are sooner kept than made again, and memory is as linear.
  constexpr Index kFew = 64;
  if (k.rank() >= 2 && k.dim(-2) <= kFew) return attention_composed(q, k, v, allowed, scale);
  const Attention forward = attention(q.value(), k.value(), v.value(), allowed, scale);
  const auto gradients = [allowed, scale, qt = q.value(), kt = k.value(), vt = v.value(),
                          largest = forward.largest, inverse_total = forward.inverse_total](
                             const Tensor& g, const Tensor& y) -> std::vector<Tensor> {
    const AttentionGradients d =
        attention_gradients(g, {y, largest, inverse_total}, qt, kt, vt, allowed, scale);
    return {d.q, d.k, d.v};
  };
  const auto formula = [allowed, scale](const std::vector<Variable>& x) {
    return attention_composed(x[0], x[1], x[2], allowed, scale);
  };
  return record_together("attention", forward.y, {q, k, v}, gradients, formula);
}

Variable attention_composed(const Variable& q, const Variable& k, const Variable& v,
                            const Tensor& allowed, Scalar scale) {
  return matmul(masked_softmax(matmul(q * scale, transpose(k)), allowed), v);
}

}  // namespace rapt
