#include "tensor/cross_entropy.h"

#include "tensor/elementwise.h"
#include "tensor/lookup.h"
#include "tensor/math.h"
#include "tensor/parallel.h"
#include "tensor/reduce.h"

namespace rapt {

Surprise surprise(const Tensor& x, const Ids& targets) {
  const Tensor total = logsumexp(x, -1);
  const Tensor y = zip("cross_entropy", gather(x, targets, -1), total,
                       [](Scalar v, Scalar all) { return -(v - all); });
  return {y, total};
}

Tensor surprise_gradient(const Tensor& g, const Tensor& x, const Tensor& logsumexp,
                         const Ids& targets) {
  constexpr Index kGrain = 4096;  // elements of one block of rows
  const Tensor up = g.contiguous(), in = x.contiguous(), total = logsumexp.contiguous();
  const Index n = x.dim(-1);
  Tensor d = Tensor::uninitialized(x.shape());
  parallel_for(up.size(), kGrain / n + 1, [&](Index begin, Index end) {
    Scalar* out = d.base();
    for (Index r = begin; r < end; ++r) {
      const Scalar all = total.base()[r];
      for (Index i = r * n; i < (r + 1) * n; ++i) out[i] = in.base()[i] - all;
    }
    for (Index i = begin * n; i < end * n; ++i) out[i] = exp(out[i]);
    for (Index r = begin; r < end; ++r) {
      // Written as the sum of the rules of gather and log_softmax: with their bits.
      const Scalar scattered = 0 - up.base()[r];
      const Index at = r * n + targets.values[static_cast<std::size_t>(r)];
      const Scalar target = scattered - out[at] * scattered;
      for (Index i = r * n; i < (r + 1) * n; ++i) out[i] = 0 - out[i] * scattered;
      out[at] = target;
    }
  });
  return d;
}

}  // namespace rapt
