#include "autograd/reduce.h"

#include "autograd/arithmetic.h"
#include "autograd/views.h"
#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace rapt {
namespace {

Variable without_axis(const Variable& x, Index axis) {
  Shape shape = x.shape();
  shape.erase(checked_axis("reduce", axis, shape));
  return reshape(x, shape);
}

}  // namespace

// y = sum_i x_i.                                  dL/dx_i = g
Variable sum(const Variable& x) { return sum_to(x, {}); }

Variable sum(const Variable& x, Index axis, bool keep) {
  const Variable y =
      record("sum", sum(x.value(), axis, true),
             {{x, [s = x.shape()](const Variable& g, const Variable&) { return expand(g, s); }}});
  return keep ? y : without_axis(y, axis);
}

Variable mean(const Variable& x) {
  if (x.value().size() == 0)
    throw ShapeError(message("mean: shape ", x.shape(), " has no elements"));
  return sum(x) * (1 / static_cast<Scalar>(x.value().size()));
}

Variable mean(const Variable& x, Index axis, bool keep) {
  if (x.dim(axis) == 0)
    throw ShapeError(message("mean: axis ", axis, " of ", x.shape(), " has no elements"));
  return sum(x, axis, keep) * (1 / static_cast<Scalar>(x.dim(axis)));
}

// y = max_i x_i.                                  dL/dx_i = g / n where x_i = y, n times; else 0
Variable max(const Variable& x, Index axis, bool keep) {
  const Variable y = record("max", max(x.value(), axis, true),
                            {{x, [x, axis](const Variable& g, const Variable& largest) {
                                const Tensor chosen =
                                    zip("max", x.value(), largest.value(),
                                        [](Scalar v, Scalar m) { return Scalar(v == m); });
                                return g / sum(chosen, axis, true) * chosen;
                              }}});
  return keep ? y : without_axis(y, axis);
}

}  // namespace rapt
