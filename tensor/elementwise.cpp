#include "tensor/elementwise.h"

#include <algorithm>
#include <type_traits>

#include "tensor/fold.h"
#include "tensor/pieces.h"

namespace rapt {

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const Shape shape =
      broadcast_shapes("where", condition.shape(), broadcast_shapes("where", a.shape(), b.shape()));
  const Tensor c = condition.expand(shape), x = a.expand(shape), y = b.expand(shape);
  Tensor z = Tensor::uninitialized(shape);
  const Rows rows(shape, {&z.strides(), &c.strides(), &x.strides(), &y.strides()});
  Scalar* out = z.base();
  const Scalar *chosen = c.base(), *left = x.base(), *right = y.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    const Index sc = rows.step(1), sx = rows.step(2), sy = rows.step(3);
    Scalar* o = out + at[0];
    const Scalar *k = chosen + at[1], *p = left + at[2], *q = right + at[3];
    // Both are read and one is kept: a load that depends on the condition would not vectorize, and
    // neither does a loop whose steps the compiler does not know.
    const auto choose = [=](auto condition_step, auto left_step, auto right_step) {
      for (Index i = 0; i < n; ++i) {
        const Scalar a = p[i * left_step], b = q[i * right_step];
        o[i] = k[i * condition_step] != 0 ? a : b;
      }
    };
    constexpr std::integral_constant<Index, 0> same;
    constexpr std::integral_constant<Index, 1> next;
    if (sc == 1 && sx == 1 && sy == 0)
      choose(next, next, same);
    else if (sc == 1 && sx == 0 && sy == 1)
      choose(next, same, next);
    else if (sc == 1 && sx == 1 && sy == 1)
      choose(next, next, next);
    else
      choose(sc, sx, sy);
  });
  return z;
}

namespace {

// update(number of the target, number of x) for every number of x, which has a place of its own:
// (i, j, ..) stands at target[i * to[0] + j * to[1] + ..].
template <class Update>
void update_each(Scalar* target, const Shape& to, const Tensor& x, Update update) {
  const Rows rows(x.shape(), {&to, &x.strides()});
  const Scalar* in = x.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    Scalar* o = target + at[0];
    const Scalar* p = in + at[1];
    const Index so = rows.step(0), sx = rows.step(1);
    if (so == 1 && sx == 1)
      for (Index i = 0; i < n; ++i) update(o[i], p[i]);
    else
      for (Index i = 0; i < n; ++i) update(o[i * so], p[i * sx]);
  });
}

}  // namespace

void assign(Tensor target, const Tensor& x) {
  update_each(target.base(), target.strides(), x.expand(target.shape()),
              [](Scalar& to, Scalar from) { to = from; });
}

namespace {

// o[i] += x[0][i], then x[1][i], .. : each number of o is read and written once for all rows.
template <Index rows>
void add_rows(Scalar* o, const Scalar* const* x, Index n) {
  Index i = 0;
  for (; i + simd::kLanes <= n; i += simd::kLanes) {
    simd::Vector sum = simd::load(o + i);
    for (Index r = 0; r < rows; ++r) sum = simd::lanewise(kAdd, sum, simd::load(x[r] + i));
    simd::store(sum, o + i);
  }
  for (; i < n; ++i)
    for (Index r = 0; r < rows; ++r) o[i] += x[r][i];
}

// Rows that follow each other and go to the same place, held back until there are enough of them.
class Together {
 public:
  explicit Together(Index n) : n_(n) {}
  ~Together() { add(); }

  void take(Scalar* o, const Scalar* x) {
    if (count_ == kMost || o != to_) add();
    to_ = o;
    x_[count_++] = x;
  }

 private:
  void add() {
    if (count_ == kMost)
      add_rows<kMost>(to_, x_, n_);
    else
      for (Index r = 0; r < count_; ++r) add_rows<1>(to_, x_ + r, n_);
    count_ = 0;
  }

  static constexpr Index kMost = 8;
  Index n_, count_ = 0;
  Scalar* to_ = nullptr;
  const Scalar* x_[kMost];
};

// Below, number (i, j, ..) of x is added to target[i * to[0] + j * to[1] + ..]; to is 0 along the
// axes that are summed.

void add_serially(Scalar* target, const Shape& to, const Tensor& x) {
  const Rows rows(x.shape(), {&to, &x.strides()});
  const Index so = rows.step(0), sx = rows.step(1);
  Together together(rows.length());
  rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index n) {
    Scalar* o = target + at[0];
    const Scalar* p = x.base() + at[1];
    if (so == 0 && sx == 1)
      *o += fold_sum(p, n);
    else if (so == 1 && sx == 1)
      together.take(o, p);
    else
      for (Index i = 0; i < n; ++i) o[i * so] += p[i * sx];
  });
}

bool sums_nothing(const Shape& shape, const Shape& to) {
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (to[axis] == 0 && shape[axis] > 1) return false;
  return true;
}

// The longest axis that is not summed: cut there, pieces of the target do not overlap. -1 if there
// is none (a sum to a single number).
Index widest_kept_axis(const Shape& shape, const Shape& to) {
  Index widest = -1;
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (to[axis] != 0 && (widest < 0 || shape[axis] > shape[widest])) widest = axis;
  return widest;
}

// An axis, not the last, along which more than kRowsOfASum rows go to the same place, or -1.
Index tall_axis(const Shape& shape, const Shape& to) {
  if (shape.rank() == 0 || to.back() == 0) return -1;  // rows that are themselves summed: [Eq 1.3]
  for (Index axis = 0; axis + 1 < shape.rank(); ++axis)
    if (to[axis] == 0 && shape[axis] > kRowsOfASum) return axis;
  return -1;
}

// Summed axes that are neighbours, as [B, T] of [B, T, D], become one, in x and `to`.
void merge_summed_axes(Tensor& x, Shape& to) {
  if (x.rank() < 3 || to.back() == 0) return;
  Shape extents, steps;
  for (Index axis = 0; axis < x.rank(); ++axis)
    if (axis > 0 && to[axis] == 0 && steps.back() == 0) {
      extents[extents.rank() - 1] *= x.shape()[axis];
    } else {
      extents.push_back(x.shape()[axis]);
      steps.push_back(to[axis]);
    }
  if (extents.rank() == x.rank()) return;
  x = x.reshape(extents);
  to = steps;
}

constexpr Index kGrain = 16384;  // elements that one thread adds alone

void add_in_pieces(Scalar* target, const Shape& to, const Tensor& x) {
  const Index tall = tall_axis(x.shape(), to);
  if (tall < 0) return add_serially(target, to, x);
  const Index rows = x.shape()[tall], pieces = divide_up(rows, kRowsOfASum);
  Shape shape = x.shape();
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (to[axis] == 0) shape[axis] = axis == tall ? pieces : 1;
  Tensor sums(shape);
  Shape to_sum = sums.strides();
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (to[axis] == 0) to_sum[axis] = 0;
  parallel_for(pieces, kGrain / divide_up(x.size(), pieces) + 1, [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      const Index begin = i * kRowsOfASum, end = std::min(begin + kRowsOfASum, rows);
      add_in_pieces(sums.base() + i * sums.strides()[tall], to_sum, x.slice(tall, begin, end));
    }
  });
  add_in_pieces(target, to, sums);
}

}  // namespace

void add_into(Tensor target, const Tensor& x) {
  if (const Index n = x.size();
      n <= kFew && target.shape() == x.shape() && target.is_contiguous() && x.is_contiguous()) {
    Scalar* o = target.base();
    const Scalar* p = x.base();
    for (Index i = 0; i < n; ++i) o[i] += p[i];
    return;
  }
  Tensor from = x;
  Shape to = target.expand(x.shape()).strides();
  if (sums_nothing(x.shape(), to))
    return update_each(target.base(), to, x, [](Scalar& sum, Scalar v) { sum += v; });
  merge_summed_axes(from, to);
  const Shape& shape = from.shape();
  // Each thread sums pieces of rows that lie together, most likely rows that it wrote itself. Where
  // there are too few pieces for that, each sums its part of all rows.
  const Index tall = tall_axis(shape, to), axis = widest_kept_axis(shape, to);
  const bool many_pieces = tall >= 0 && shape[tall] > kRowsOfASum * (2 * thread_count() - 1);
  if (axis < 0 || x.size() <= kGrain || many_pieces) return add_in_pieces(target.base(), to, from);
  Index grain = kGrain / (x.size() / shape[axis]) / 16 * 16 + 16;
  // Columns of few numbers would be read a piece here and a piece there: one block for each thread.
  if (axis + 1 == shape.rank())
    grain = std::max(grain, round_up(divide_up(shape[axis], thread_count()), 16));
  parallel_for(shape[axis], grain, [&](Index begin, Index end) {
    add_in_pieces(target.base() + begin * to[axis], to, from.slice(axis, begin, end));
  });
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Tensor y(shape);
  add_into(y, x);
  return y;
}

}  // namespace rapt
