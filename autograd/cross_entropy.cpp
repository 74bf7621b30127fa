#include "autograd/cross_entropy.h"

#include <memory>

#include "autograd/arithmetic.h"
#include "autograd/lookup.h"
#include "autograd/softmax.h"
#include "tensor/cross_entropy.h"

namespace rapt {

// y = -log p[target], p = softmax(x).             dL/dx = g * (p - 1 at the target)
Variable surprise(const Variable& x, const Ids& targets) {
  const auto ids = std::make_shared<const Ids>(targets);
  const Surprise forward = surprise(x.value(), *ids);
  return record(
      "surprise", forward.y,
      {{x, [x, ids, total = forward.logsumexp](const Variable& g, const Variable&) -> Variable {
          if (!grad_enabled()) return surprise_gradient(g.value(), x.value(), total, *ids);
          return grad(surprise_composed(x, *ids), {x}, g, true)[0];
        }}});
}

Variable surprise_composed(const Variable& x, const Ids& targets) {
  return -gather(log_softmax(x), targets, -1);
}

}  // namespace rapt
