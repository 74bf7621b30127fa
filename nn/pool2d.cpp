#include "nn/pool2d.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/unfold.h"

namespace rapt::nn {
namespace {

Shape pooled(const char* op, const Variable& x, const Window& window) {
  expect_shape(message(op, ": x [B, C, Y, X]"), x, {kAny, kAny, kAny, kAny});
  const Pair places = window.places(op, {x.dim(2), x.dim(3)});
  return {x.dim(0), x.dim(1), places.y, places.x};
}

// x [B, C, Y, X] -> [B, C, YX]
Variable by_channel(const char* what, const Variable& x) {
  expect_shape(what, x, {kAny, kAny, kAny, kAny});
  return reshape(x, {x.dim(0), x.dim(1), x.dim(2) * x.dim(3)});
}

}  // namespace

Variable max_pool(const Variable& x, const Window& window) {
  const Shape shape = pooled("max_pool", x, window);
  const Pair kernel = window.kernel, padding = window.padding;
  if (padding.y > kernel.y / 2 || padding.x > kernel.x / 2)
    throw ValueError(message("max_pool: padding must be at most half the kernel ",
                             Shape{kernel.y, kernel.x}, ", got ", Shape{padding.y, padding.x},
                             "; a window could see padding only"));
  const Ids winners = argmax_in_windows("max_pool", x.value(), window);
  return reshape(gather(by_channel("max_pool: x [B, C, Y, X]", x), winners, 2), shape);
}

Variable average_pool(const Variable& x, const Window& window) {
  const Shape shape = pooled("average_pool", x, window);
  return reshape(mean(unfold(x, window), 2), shape);
}

Variable global_average_pool(const Variable& x) {
  return mean(by_channel("global_average_pool: x [B, C, Y, X]", x), -1);
}

Variable global_max_pool(const Variable& x) {
  return max(by_channel("global_max_pool: x [B, C, Y, X]", x), -1);
}

Variable flatten(const Variable& x) {
  expect_at_least("flatten: axes of x [B, ..]", x.rank(), 1);
  Index features = 1;
  for (Index axis = 1; axis < x.rank(); ++axis) features *= x.dim(axis);
  return reshape(x, {x.dim(0), features});
}

Variable by_place(const Variable& x) {
  return transpose(by_channel("by_place: x [B, C, Y, X]", x));
}

}  // namespace rapt::nn
