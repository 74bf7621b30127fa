#include "autograd/matmul.h"

#include "autograd/views.h"
#include "tensor/matmul.h"

namespace rapt {
namespace {

// dL/db for a matrix b that many rows were multiplied with: one tall product over all of them.
Variable shared_matrix_gradient(const Variable& a, const Variable& g) {
  Index count = 1;
  for (Index axis = 0; axis + 1 < a.rank(); ++axis) count *= a.dim(axis);
  const Variable rows = reshape(a, {count, a.dim(-1)});
  const Variable ups = reshape(g, {count, g.dim(-1)});
  return matmul(transpose(rows), ups);
}

}  // namespace

// y[.., M, N] = a[.., M, K] b[.., K, N].          dL/da = g b^T      dL/db = a^T g
Variable matmul(const Variable& a, const Variable& b) {
  return record("matmul", matmul(a.value(), b.value()),
                {{a, [b](const Variable& g, const Variable&) { return matmul(g, transpose(b)); }},
                 {b, [a, b](const Variable& g, const Variable&) {
                    const bool shared = b.rank() == 2 && a.rank() > 2;
                    return shared ? shared_matrix_gradient(a, g) : matmul(transpose(a), g);
                  }}});
}

}  // namespace rapt
