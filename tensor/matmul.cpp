#include "tensor/matmul.h"

#include <vector>

#include "tensor/gemm.h"
#include "tensor/rows.h"

namespace rapt {
namespace {

Shape front_axes(const Shape& shape) {
  Shape front;
  for (Index axis = 0; axis + 2 < shape.rank(); ++axis) front.push_back(shape[axis]);
  return front;
}

Shape with_matrix(Shape front, Index rows, Index columns) {
  front.push_back(rows);
  front.push_back(columns);
  return front;
}

void expect_matrices(const Tensor& a, const Tensor& b) {
  if (a.rank() < 2 || b.rank() < 2)
    throw ShapeError(
        message("matmul: both sides need two axes or more: ", a.shape(), " x ", b.shape()));
  if (a.dim(-1) != b.dim(-2))
    throw ShapeError(message("matmul: inner dimensions differ: ", a.shape(), " x ", b.shape(), " (",
                             a.dim(-1), " vs ", b.dim(-2), ")",
                             a.dim(-1) == b.dim(-1) ? "; did you mean transpose(b)?" : ""));
}

Shape common_front_axes(const Tensor& a, const Tensor& b) {
  const Shape front_a = front_axes(a.shape()), front_b = front_axes(b.shape());
  try {
    return broadcast_shapes("matmul", front_a, front_b);
  } catch (const ShapeError&) {
    throw ShapeError(message("matmul: the axes in front do not broadcast: ", a.shape(), " x ",
                             b.shape(), " (", front_a, " vs ", front_b, ")"));
  }
}

Strides matrix_strides(const Tensor& x) {
  return {x.strides()[x.rank() - 2], x.strides()[x.rank() - 1]};
}

// Many rows times one matrix, x [B, T, D] w [D, E], is one tall product, not B small ones.
bool rows_are_one_matrix(const Tensor& a, const Tensor& b) {
  return b.rank() == 2 && a.rank() > 2 && a.is_contiguous();
}

Tensor multiply(const Tensor& a, const Tensor& b, const Scalar* bias) {
  expect_matrices(a, b);
  const Index m = a.dim(-2), k = a.dim(-1), n = b.dim(-1);
  if (rows_are_one_matrix(a, b)) {
    const Index rows = element_count(front_axes(a.shape())) * m;  // -1 cannot tell if k is 0
    const Tensor c = multiply(a.reshape({rows, k}), b, bias);
    return c.reshape(with_matrix(front_axes(a.shape()), m, n));
  }

  const Shape front = common_front_axes(a, b);
  const Tensor x = a.expand(with_matrix(front, m, k)), y = b.expand(with_matrix(front, k, n));
  Tensor c = Tensor::uninitialized(with_matrix(front, m, n));

  // One product for each position of the axes in front: a walk over those axes alone.
  const Shape front_x = front_axes(x.strides()), front_y = front_axes(y.strides());
  const Rows rows(front, {&front_x, &front_y});
  std::vector<Product> batch;
  batch.reserve(static_cast<std::size_t>(element_count(front)));
  Scalar* out = c.base();
  rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index length) {
    for (Index i = 0; i < length; ++i, out += m * n)
      batch.push_back(
          {x.base() + at[0] + i * rows.step(0), y.base() + at[1] + i * rows.step(1), out});
  });
  gemm(batch, m, k, n, matrix_strides(x), matrix_strides(y), bias);
  return c;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) { return multiply(a, b, nullptr); }

Tensor matmul_plus(const Tensor& a, const Tensor& b, const Tensor& bias) {
  expect_matrices(a, b);
  if (bias.shape() != Shape{b.dim(-1)})
    throw ShapeError(message("matmul_plus: expected a bias ", Shape{b.dim(-1)}, " for ", a.shape(),
                             " x ", b.shape(), ", got ", bias.shape()));
  return multiply(a, b, bias.contiguous().base());
}

}  // namespace rapt
