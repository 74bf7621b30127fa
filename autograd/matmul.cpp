#include "autograd/matmul.h"

#include "autograd/views.h"
#include "tensor/matmul.h"

namespace rapt {

// y[.., M, N] = a[.., M, K] b[.., K, N].          dL/da = g b^T      dL/db = a^T g
Variable matmul(const Variable& a, const Variable& b) {
  return record("matmul", matmul(a.value(), b.value()),
                {{a, [b](const Variable& g, const Variable&) { return matmul(g, transpose(b)); }},
                 {b, [a, b](const Variable& g, const Variable&) {
                    const bool shared = b.rank() == 2 && a.rank() > 2;
                    // Of many rows with one matrix: one tall product over all of them.
                    return shared ? matmul(transpose(as_rows(a)), as_rows(g))
                                  : matmul(transpose(a), g);
                  }}});
}

}  // namespace rapt
