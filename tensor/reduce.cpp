#include "tensor/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tensor/elementwise.h"
#include "tensor/fold.h"
#include "tensor/math.h"

namespace rapt {
namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

Tensor swapped_with_last(const Tensor& x, Index axis) {
  return axis == x.rank() - 1 ? x : x.transpose(axis, -1);
}

// A kernel sees contiguous rows: the axis in question is brought to the end and, in the
// result, back to its place.
// kernel(out, in, rows, n, first) computes `rows` rows of n from the row `first` on.
template <class Kernel>
Tensor along(const char* op, const Tensor& x, Index axis, Kernel kernel) {
  axis = checked_axis(op, axis, x.shape());
  const Tensor in = swapped_with_last(x, axis).contiguous();
  Tensor out = Tensor::uninitialized(in.shape());
  const Index n = in.shape().back();
  if (out.size() > 0)
    parallel_for(out.size() / n, 8192 / n + 1, [&](Index begin, Index end) {
      kernel(out.base() + begin * n, in.base() + begin * n, end - begin, n, begin);
    });
  return swapped_with_last(out, axis);
}

// The largest of a row. A NaN on either side wins, and stays.
Scalar largest_of(const Scalar* row, Index n) {
  const auto larger = [](auto a, auto b) { return ((a > b) | (a != a)) ? a : b; };
  return fold(
      n, -kInfinity, larger, [](auto v) { return v; }, row);
}

}  // namespace

Tensor sum(const Tensor& x) { return sum_to(x, {}); }

Tensor sum(const Tensor& x, Index axis, bool keep) {
  axis = checked_axis("sum", axis, x.shape());
  Shape shape = x.shape();
  shape[axis] = 1;
  Tensor y(shape);
  add_into(y, x);  // not sum_to, which would return an axis of extent 1 as it is
  if (keep) return y;
  shape.erase(axis);
  return y.reshape(shape);
}

Tensor max(const Tensor& x, Index axis, bool keep) {
  axis = checked_axis("max", axis, x.shape());
  if (x.dim(axis) == 0)
    throw ShapeError(message("max: axis ", axis, " of ", x.shape(), " has no elements"));
  const Tensor in = swapped_with_last(x, axis).contiguous();
  const Index n = in.shape().back();
  Shape shape = in.shape();
  shape[shape.rank() - 1] = 1;
  Tensor out = Tensor::uninitialized(shape);
  for (Index r = 0; r < out.size(); ++r) out.base()[r] = largest_of(in.base() + r * n, n);
  const Tensor kept = swapped_with_last(out, axis);
  if (keep) return kept;
  shape = kept.shape();
  shape.erase(axis);
  return kept.reshape(shape);
}

Ids argmax(const Tensor& x, Index axis) {
  axis = checked_axis("argmax", axis, x.shape());
  if (x.dim(axis) == 0)
    throw ShapeError(message("argmax: axis ", axis, " of ", x.shape(), " has no elements"));
  Shape shape = x.shape();
  shape.erase(axis);
  std::vector<Index> order;
  for (Index i = 0; i < x.rank(); ++i)
    if (i != axis) order.push_back(i);
  order.push_back(axis);
  const Tensor in = x.permute(order).contiguous();
  const Index n = in.shape().back();
  Ids ids{shape, {}};
  for (const Scalar* row = in.base(); row != in.base() + in.size(); row += n)
    ids.values.push_back(static_cast<std::int32_t>(std::max_element(row, row + n) - row));
  return ids;
}

namespace {

void softmax_rows(Scalar* y, const Scalar* in, Index rows, Index n) {
  for (Index r = 0; r < rows; ++r) {
    const Scalar largest = fold_max(in + r * n, n);
    const Scalar shift = largest == -kInfinity ? 0 : largest;
    for (Index i = r * n; i < (r + 1) * n; ++i) y[i] = in[i] - shift;
  }
  // All rows at once: row by row, what is left of each beyond whole vectors would go one by one.
  for (Index i = 0; i < rows * n; ++i) y[i] = exp(y[i]);
  for (Index r = 0; r < rows; ++r) {
    const Scalar total = fold_sum(y + r * n, n);
    const Scalar scale = total == 0 ? 0 : 1 / total;
    for (Index i = r * n; i < (r + 1) * n; ++i) y[i] *= scale;
  }
}

}  // namespace

Tensor softmax(const Tensor& x, Index axis) {
  return along("softmax", x, axis, [](Scalar* y, const Scalar* in, Index rows, Index n, Index) {
    const Index few = 1024 / n + 1;  // the three loops over so many rows stay in the nearest cache
    for (Index r = 0; r < rows; r += few)
      softmax_rows(y + r * n, in + r * n, std::min(few, rows - r), n);
  });
}

namespace {

// For rows that lie in one piece; `powers` has room for them.
void logsumexp_rows(Scalar* y, Scalar* powers, const Scalar* in, Index rows, Index n) {
  for (Index r = 0; r < rows; ++r) {
    const Scalar m = y[r] = largest_of(in + r * n, n);
    const Scalar shift = std::abs(m) == kInfinity ? 0 : m;  // infinity minus itself is no number
    for (Index i = r * n; i < (r + 1) * n; ++i) powers[i] = in[i] - shift;
  }
  for (Index i = 0; i < rows * n; ++i) powers[i] = exp(powers[i]);
  for (Index r = 0; r < rows; ++r) y[r] += log(fold_sum(powers + r * n, n));
}

}  // namespace

Tensor logsumexp(const Tensor& x, Index axis) {
  axis = checked_axis("logsumexp", axis, x.shape());
  if (axis + 1 == x.rank() && x.dim(axis) > 0) {
    const Tensor in = x.contiguous();
    const Index n = x.dim(axis), few = 1024 / n + 1;
    Shape shape = x.shape();
    shape[axis] = 1;
    Tensor out = Tensor::uninitialized(shape);
    parallel_for(out.size(), 8192 / n + 1, [&](Index begin, Index end) {
      std::vector<Scalar> powers(static_cast<std::size_t>(few * n));
      for (Index r = begin; r < end; r += few)
        logsumexp_rows(out.base() + r, powers.data(), in.base() + r * n, std::min(few, end - r), n);
    });
    return out;
  }
  // Along another axis the sum has another order.
  const Tensor largest = max(x, axis, true);
  const Tensor powers = zip("logsumexp", x, largest, [](Scalar v, Scalar m) {
    return v == m ? Scalar(1) : exp(v - m);  // also where both are infinite
  });
  return zip("logsumexp", largest, sum(powers, axis, true),
             [](Scalar m, Scalar total) { return m + log(total); });
}

Tensor log_softmax(const Tensor& x, Index axis) {
  return zip("log_softmax", x, logsumexp(x, axis), [](Scalar v, Scalar y) { return v - y; });
}

Tensor softmax_gradient(const Tensor& g, const Tensor& y, Index axis) {
  axis = checked_axis("softmax", axis, y.shape());
  const Tensor out = swapped_with_last(y, axis).contiguous();
  return along("softmax", g, axis,
               [&](Scalar* d, const Scalar* up, Index rows, Index n, Index first) {
                 const Scalar* p = out.base() + first * n;
                 for (Index r = 0; r < rows; ++r) {
                   const Scalar mean = fold_products(up + r * n, p + r * n, n);
                   for (Index i = r * n; i < (r + 1) * n; ++i) d[i] = p[i] * (up[i] - mean);
                 }
               });
}

}  // namespace rapt
