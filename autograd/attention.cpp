#include "autograd/attention.h"

#include <mutex>

#include "autograd/arithmetic.h"
#include "autograd/matmul.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/views.h"
#include "tensor/attention.h"

namespace rapt {
namespace {

Variable weights_of(const Variable& q, const Variable& k, const Tensor& allowed, Scalar scale) {
  return masked_softmax(matmul(q * scale, transpose(k)), allowed);
}

// What the three rules need. Their results come out of one computation: the first rule asked does
// it, each takes its own, and nothing is kept.
struct Recomputation {
  Variable q, k, v;
  Tensor allowed;
  Scalar scale;
  Tensor largest, inverse_total;

  std::mutex mutex;
  std::uint64_t of = 0;  // the gradient that they were computed from
  std::optional<Tensor> dq, dk, dv;

  Tensor take(std::optional<Tensor> Recomputation::*part, const Variable& g, const Variable& y) {
    const std::lock_guard lock(mutex);
    if (of != Node::of(g).id || !(this->*part)) {
      AttentionGradients d = attention_gradients(g.value(), {y.value(), largest, inverse_total},
                                                 q.value(), k.value(), v.value(), allowed, scale);
      of = Node::of(g).id;
      dq = d.q;
      dk = d.k;
      dv = d.v;
    }
    const Tensor taken = *(this->*part);
    (this->*part).reset();
    return taken;
  }

  Variable weights() const { return weights_of(q, k, allowed, scale); }
  Variable scores_gradient(const Variable& g) const {
    const Variable w = weights();
    const Variable dw = matmul(g, transpose(v));
    return w * (dw - sum(dw * w, -1, true));
  }
};

}  // namespace

// y = w v, w = softmax(scale q k^T) over the allowed keys.
//   ds = w (g v^T - sum(w (g v^T)))       dL/dq = scale ds k    dL/dk = scale ds^T q   dL/dv = w^T g
Variable attention(const Variable& q, const Variable& k, const Variable& v, const Tensor& allowed,
                   Scalar scale) {
  const Attention forward = attention(q.value(), k.value(), v.value(), allowed, scale);
  const auto all = std::make_shared<Recomputation>(q, k, v, allowed, scale, forward.largest,
                                                   forward.inverse_total);
  return record("attention", forward.y,
                {{q,
                  [all](const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled()) return all->take(&Recomputation::dq, g, y);
                    return matmul(all->scores_gradient(g), all->k) * all->scale;
                  }},
                 {k,
                  [all](const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled()) return all->take(&Recomputation::dk, g, y);
                    return matmul(transpose(all->scores_gradient(g)), all->q * all->scale);
                  }},
                 {v, [all](const Variable& g, const Variable& y) -> Variable {
                    if (!grad_enabled()) return all->take(&Recomputation::dv, g, y);
                    return matmul(transpose(all->weights()), g);
                  }}});
}

Variable attention_composed(const Variable& q, const Variable& k, const Variable& v,
                            const Tensor& allowed, Scalar scale) {
  return matmul(weights_of(q, k, allowed, scale), v);
}

}  // namespace rapt
