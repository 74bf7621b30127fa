#include "autograd/unfold.h"

#include "tensor/unfold.h"

namespace rapt {
namespace {

// The adjoint of unfold: each cell is added where it was read.    dL/dcolumns = unfold(g)
Variable fold_back(const Variable& columns, const Window& window, Pair image) {
  return record(
      "fold_back", fold_back(columns.value(), window, image),
      {{columns, [window](const Variable& g, const Variable&) { return unfold(g, window); }}});
}

}  // namespace

// y[b, c, i kx + j, p X' + q] = x[b, c, p stride + i dilation - padding, q ..].
//                                                                 dL/dx = fold_back(g)
Variable unfold(const Variable& x, const Window& window, Scalar padded) {
  const Tensor y = unfold(x.value(), window, padded);
  return record(
      "unfold", y,
      {{x, [window, image = Pair(x.dim(2), x.dim(3))](const Variable& g, const Variable&) {
          return fold_back(g, window, image);
        }}});
}

}  // namespace rapt
