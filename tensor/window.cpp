#include "tensor/window.h"

#include "tensor/errors.h"

namespace rapt {
namespace {

void expect_at_least(const char* op, const char* what, Pair got, Index least) {
  if (got.y < least || got.x < least)
    throw ValueError(
        message(op, ": ", what, " must be at least ", least, ", got ", Shape{got.y, got.x}));
}

}  // namespace

void Window::expect_valid(const char* op) const {
  expect_at_least(op, "kernel", kernel, 1);
  expect_at_least(op, "stride", stride, 1);
  expect_at_least(op, "dilation", dilation, 1);
  expect_at_least(op, "padding", padding, 0);
}

Pair Window::places(const char* op, Pair image) const {
  expect_valid(op);
  const Pair whole(image.y + 2 * padding.y, image.x + 2 * padding.x), reach = span();
  if (whole.y < reach.y || whole.x < reach.x)
    throw ShapeError(message(op, ": the window spans ", Shape{reach.y, reach.x}, ", the image ",
                             Shape{image.y, image.x}, " has ", Shape{whole.y, whole.x},
                             " with its padding"));
  return {(whole.y - reach.y) / stride.y + 1, (whole.x - reach.x) / stride.x + 1};
}

}  // namespace rapt
