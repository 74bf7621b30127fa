#include "autograd/convolution.h"

#include "autograd/matmul.h"
#include "autograd/unfold.h"
#include "autograd/views.h"
#include "tensor/convolution.h"

namespace rapt {

// [Eq 15.2] y = w unfold(x).          dL/dx = fold_back(w^T g)      dL/dw = g unfold(x)^T
Variable convolve(const Variable& x, const Variable& w, const Window& window, Index groups) {
  const auto composed = [x, w, window, groups](const Variable& input, const Variable& g) {
    return grad(convolve_composed(x, w, window, groups), {input}, g, true)[0];
  };
  const Tensor y = convolve(x.value(), w.value(), window, groups);
  return record(
      "convolve", y,
      {{x,
        [x, w, window, groups, composed](const Variable& g, const Variable&) -> Variable {
          if (grad_enabled()) return composed(x, g);
          const Pair image(x.dim(2), x.dim(3));
          return convolve_gradient_x(g.value(), w.value(), window, groups, image);
        }},
       {w, [x, w, window, groups, composed](const Variable& g, const Variable&) -> Variable {
          if (grad_enabled()) return composed(w, g);
          return convolve_gradient_w(g.value(), x.value(), window, groups);
        }}});
}

Variable convolve_composed(const Variable& x, const Variable& w, const Window& window,
                           Index groups) {
  const Index batch = x.dim(0), depth = w.dim(1) * window.cells(), out = w.dim(0) / groups;
  const Pair places = window.places("convolve", {x.dim(2), x.dim(3)});
  const Variable seen = reshape(unfold(x, window), {batch, groups, depth, places.y * places.x});
  const Variable weights = reshape(w, {groups, out, depth});
  return reshape(matmul(weights, seen), {batch, groups * out, places.y, places.x});
}

}  // namespace rapt
