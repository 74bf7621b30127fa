#include "autograd/convolution.h"

#include "autograd/matmul.h"
#include "autograd/unfold.h"
#include "autograd/views.h"
#include "tensor/convolution.h"

namespace rapt {
namespace {

void expect_fit(const Variable& x, const Variable& weight, const Window& window, Index groups) {
  const bool fits = x.rank() == 4 && weight.rank() == 4 && groups >= 1 &&
                    weight.dim(1) * groups == x.dim(1) && weight.dim(0) % groups == 0 &&
                    Pair(weight.dim(2), weight.dim(3)) == window.kernel;
  if (!fits)
    throw ShapeError(message("convolve: x [B, in, Y, X] and weight [out, in / groups, ky, kx] of ",
                             groups, " groups do not fit: ", x.shape(), " and ", weight.shape()));
}

}  // namespace

// y[b] = w u(x[b]), u = unfold.      dL/dx[b] = u^T(w^T g[b])      dL/dw = sum_b g[b] u(x[b])^T
Variable convolve(const Variable& x, const Variable& weight, const Window& window, Index groups) {
  expect_fit(x, weight, window, groups);
  // Nodes of its own for both: the formula's gradient stops at them, even if x depends on weight.
  const auto composed = [=](bool of_x, const Variable& g) {
    const Variable image = reshape(x, x.shape());
    const Variable filter = reshape(weight, weight.shape());
    const Variable y = convolve_composed(image, filter, window, groups);
    return grad(y, {of_x ? image : filter}, g, true)[0];
  };
  return record("convolve", convolve(x.value(), weight.value(), window, groups),
                {{x,
                  [=](const Variable& g, const Variable&) -> Variable {
                    if (grad_enabled()) return composed(true, g);
                    return convolve_gradient_x(g.value(), weight.value(), window, groups,
                                               {x.dim(2), x.dim(3)});
                  }},
                 {weight, [=](const Variable& g, const Variable&) -> Variable {
                    if (grad_enabled()) return composed(false, g);
                    return convolve_gradient_weight(g.value(), x.value(), window, groups);
                  }}});
}

Variable convolve_composed(const Variable& x, const Variable& weight, const Window& window,
                           Index groups) {
  expect_fit(x, weight, window, groups);
  const Index batch = x.dim(0), out = weight.dim(0), in = weight.dim(1);
  const Pair places = window.places("convolve", {x.dim(2), x.dim(3)});
  const Index seen = in * window.cells(), count = places.y * places.x;
  const Variable columns = reshape(unfold(x, window), {batch, groups, seen, count});
  const Variable y = matmul(reshape(weight, {groups, out / groups, seen}), columns);
  return reshape(y, {batch, out, places.y, places.x});
}

}  // namespace rapt
