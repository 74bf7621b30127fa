#include "nn/sublayer.h"

#include "autograd/ops.h"

namespace rapt::nn {

AddNorm::AddNorm(Index dim, NormPlace place, const Dropout& dropout)
    : LayerNorm(dim), place_(place), dropout_(dropout) {}

Variable AddNorm::input(const Variable& x) const {
  return place_ == NormPlace::pre ? (*this)(x) : x;
}

Variable AddNorm::output(const Variable& x, const Variable& result) const {
  const Variable sum = x + dropout_(result);
  return place_ == NormPlace::post ? (*this)(sum) : sum;
}

Variable feed_forward(const Linear& linear1, Activation activation, const Linear& linear2,
                      const Variable& x) {
  return linear2(activate(activation, linear1(x)));
}

}  // namespace rapt::nn
