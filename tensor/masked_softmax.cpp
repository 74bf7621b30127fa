#include "tensor/masked_softmax.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "tensor/fold.h"
#include "tensor/math.h"
#include "tensor/rows.h"

namespace rapt {
namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
// Elements of one piece of work, some 30 microseconds, and of the rows that are taken together in
// it, which stay in the L1 cache.
constexpr Index kGrain = 32768, kTogether = 2048;

// body(first, last) for groups of rows of n elements, on all threads.
template <class Body>
void for_groups(Index rows, Index n, Body body) {
  parallel_for(rows, kGrain / n + 1, [&](Index begin, Index end) {
    const Index group = kTogether / n + 1;
    for (Index first = begin; first < end; first += group)
      body(first, std::min(first + group, end));
  });
}

// Where the mask of each row begins. A stride of 0 lets rows (the heads, say) share one.
struct MaskRows {
  Tensor allowed;
  std::vector<Index> begin;
  Index step;

  MaskRows(const Tensor& mask, const Shape& shape) : allowed(mask.expand(shape)) {
    Shape front = shape, strides = allowed.strides();
    step = strides.back();
    front.erase(front.rank() - 1);
    strides.erase(strides.rank() - 1);
    begin.reserve(static_cast<std::size_t>(element_count(front)));
    const Rows rows(front, {&strides});
    rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index length) {
      for (Index i = 0; i < length; ++i) begin.push_back(at[0] + i * rows.step(0));
    });
  }

  // to[i] = the mask of row r allows i ? value[i] : otherwise
  void choose(Index r, const Scalar* value, Scalar otherwise, Scalar* to, Index n) const {
    const Scalar* mask = allowed.base() + begin[static_cast<std::size_t>(r)];
    // Both are read and one is kept: a load that depends on the mask would not vectorize.
    if (step == 1)
      for (Index i = 0; i < n; ++i) {
        const Scalar v = value[i];
        to[i] = mask[i] != 0 ? v : otherwise;
      }
    else
      for (Index i = 0; i < n; ++i) to[i] = mask[i * step] != 0 ? value[i] : otherwise;
  }
};

}  // namespace

bool allows_everything(const Tensor& allowed) { return allowed.size() == 1 && allowed.item() != 0; }

Tensor masked_softmax(const Tensor& x, const Tensor& allowed) {
  const Index n = x.dim(-1);
  Tensor y = Tensor::uninitialized(x.shape());
  if (x.size() == 0) return y;
  const Tensor in = x.contiguous();
  const MaskRows mask(allowed, x.shape());
  for_groups(x.size() / n, n, [&](Index first, Index last) {
    Scalar* const out = y.base() + first * n;
    const Index rows = last - first;
    for (Index r = 0; r < rows; ++r) {
      Scalar* const row = out + r * n;
      mask.choose(first + r, in.base() + (first + r) * n, -kInfinity, row, n);
      const Scalar largest = fold_max(row, n);
      const Scalar shift = largest == -kInfinity ? 0 : largest;
      for (Index i = 0; i < n; ++i) row[i] -= shift;
    }
    // All rows at once: row by row, what is left of each beyond whole vectors would go one by one.
    for (Index i = 0; i < rows * n; ++i) out[i] = exp(out[i]);
    for (Index r = 0; r < rows; ++r) {
      Scalar* const row = out + r * n;
      const Scalar total = fold_sum(row, n);
      const Scalar scale = total == 0 ? 0 : 1 / total;
      for (Index i = 0; i < n; ++i) row[i] *= scale;
    }
  });
  return y;
}

Tensor masked_softmax_gradient(const Tensor& g, const Tensor& y, const Tensor& allowed) {
  const Index n = y.dim(-1);
  Tensor d = Tensor::uninitialized(y.shape());
  if (y.size() == 0) return d;
  const Tensor up = g.contiguous(), out = y.contiguous();
  const MaskRows mask(allowed, y.shape());
  for_groups(y.size() / n, n, [&](Index first, Index last) {
    for (Index r = first; r < last; ++r) {
      const Scalar *u = up.base() + r * n, *p = out.base() + r * n;
      Scalar* const row = d.base() + r * n;
      for (Index i = 0; i < n; ++i) row[i] = u[i] * p[i];
      const Scalar mean = fold_sum(row, n);
      for (Index i = 0; i < n; ++i) row[i] = p[i] * (u[i] - mean);
      mask.choose(r, row, 0, row, n);
    }
  });
  return d;
}

}  // namespace rapt
