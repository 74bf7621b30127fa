#include "tensor/elementwise.h"

#include <algorithm>
#include <type_traits>
#include <vector>

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

void assign(Tensor target, const Tensor& x) {
  const Tensor from = x.expand(target.shape());
  const Rows rows(target.shape(), {&target.strides(), &from.strides()});
  Scalar* out = target.base();
  const Scalar* in = from.base();
  rows.walk_parallel([&](const Rows::Offsets& at, Index n) {
    Scalar* o = out + at[0];
    const Scalar* p = in + at[1];
    const Index so = rows.step(0), sx = rows.step(1);
    if (so == 1 && sx == 1)
      for (Index i = 0; i < n; ++i) o[i] = p[i];
    else
      for (Index i = 0; i < n; ++i) o[i * so] = p[i * sx];
  });
}

namespace {

// What a sum adds, of the numbers p and q of two tensors and those of their row, if it has any.
constexpr auto kItself = [](auto p, auto, const Scalar*) { return p; };
constexpr auto kProduct = [](auto p, auto q, const Scalar* row) {
  return p * ((q - row[0]) * row[1]);
};

// A row of each of the tensors.
struct TermRow {
  const Scalar *p, *q, *row;
};

// o[i] += term(p[i], q[i]) of row 0, then of row 1, .. : each number of o is read and written once
// for all rows.
template <Index rows, class Term>
void add_rows(Scalar* o, const TermRow* x, Index n, Term term) {
  Index i = 0;
  for (; i + simd::kLanes <= n; i += simd::kLanes) {
    simd::Vector sum = simd::load(o + i);
    for (Index r = 0; r < rows; ++r)
      sum = simd::lanewise(kAdd, sum,
                           simd::lanewise([&](auto p, auto q) { return term(p, q, x[r].row); },
                                          simd::load(x[r].p + i), simd::load(x[r].q + i)));
    simd::store(sum, o + i);
  }
  for (; i < n; ++i)
    for (Index r = 0; r < rows; ++r) o[i] += term(x[r].p[i], x[r].q[i], x[r].row);
}

// Rows that follow each other and go to the same place, held back until there are enough of them.
template <class Term>
class Together {
 public:
  Together(Index n, Term term) : n_(n), term_(term) {}
  ~Together() { add(); }

  void take(Scalar* o, const TermRow& x) {
    if (count_ == kMost || o != to_) add();
    to_ = o;
    x_[count_++] = x;
  }

 private:
  void add() {
    if (count_ == kMost)
      add_rows<kMost>(to_, x_, n_, term_);
    else
      for (Index r = 0; r < count_; ++r) add_rows<1>(to_, x_ + r, n_, term_);
    count_ = 0;
  }

  static constexpr Index kMost = 8;
  Index n_, count_ = 0;
  Term term_;
  Scalar* to_ = nullptr;
  TermRow x_[kMost];
};

// Two tensors of one shape and, if `term` asks for them, the numbers of each row: `row` is expanded
// to that shape along the last axis.
struct Terms {
  Tensor p, q, row;

  const Shape& shape() const { return p.shape(); }
  Terms slice(Index axis, Index begin, Index end) const {
    return {p.slice(axis, begin, end), q.slice(axis, begin, end), row.slice(axis, begin, end)};
  }
};
Terms terms_of(const Tensor& x) { return {x, x, Tensor::uninitialized({}).expand(x.shape())}; }

template <class Term>
void add_serially(Scalar* target, const Shape& target_strides, const Terms& x, Term term) {
  const Rows rows(x.shape(), {&target_strides, &x.p.strides(), &x.q.strides(), &x.row.strides()});
  const Index so = rows.step(0), sp = rows.step(1), sq = rows.step(2), sr = rows.step(3);
  const bool side_by_side = sp == 1 && sq == 1 && sr == 0;
  Together<Term> together(rows.length(), term);
  rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index n) {
    Scalar* o = target + at[0];
    const Scalar *p = x.p.base() + at[1], *q = x.q.base() + at[2], *row = x.row.base() + at[3];
    if (so == 0 && side_by_side)
      *o += fold(
          n, 0, kAdd, [=](auto v, auto w) { return term(v, w, row); }, p, q);
    else if (so == 1 && side_by_side)
      together.take(o, {p, q, row});
    else
      for (Index i = 0; i < n; ++i) o[i * so] += term(p[i * sp], q[i * sq], row + i * sr);
  });
}

// The longest axis along which the target is not broadcast: cut there, pieces of the target do not
// overlap. -1 if there is none (a sum to a single number).
Index widest_kept_axis(const Shape& shape, const Shape& target_strides) {
  Index widest = -1;
  for (Index axis = 0; axis < shape.rank(); ++axis)
    if (target_strides[axis] != 0 && (widest < 0 || shape[axis] > shape[widest])) widest = axis;
  return widest;
}

// An axis, not the last, along which more than kTallest rows would be added one after the other
// into the same numbers. Summed in pieces first, small terms do not drown in a large sum.
constexpr Index kTallest = 256;
Index tall_axis(const Shape& shape, const Shape& target_strides) {
  for (Index axis = 0; axis + 1 < shape.rank(); ++axis)
    if (target_strides[axis] == 0 && shape[axis] > kTallest) return axis;
  return -1;
}

constexpr Index kGrain = 16384;  // elements that one thread adds alone

template <class Term>
void add_in_pieces(Tensor target, const Terms& x, bool rows_are_kept, Term term) {
  const Shape strides = target.expand(x.shape()).strides();
  const Index tall = rows_are_kept ? tall_axis(x.shape(), strides) : -1;
  if (tall < 0) return add_serially(target.base(), strides, x, term);
  const Index extent = x.shape()[tall], pieces = divide_up(extent, kTallest);
  std::vector<Tensor> parts(static_cast<std::size_t>(pieces));
  parallel_for(pieces, x.p.size() <= kGrain ? pieces : 1, [&](Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      Tensor& part = parts[static_cast<std::size_t>(i)] = Tensor(target.shape());
      const Index begin = i * kTallest, end = std::min(begin + kTallest, extent);
      add_in_pieces(part, x.slice(tall, begin, end), true, term);
    }
  });
  for (const Tensor& part : parts)
    add_serially(target.base(), target.strides(), terms_of(part), kItself);
}

// target[i] += term of the numbers i of x.
template <class Term>
void add_terms(Tensor target, const Terms& x, Term term) {
  const Shape& shape = x.shape();
  const Shape strides = target.expand(shape).strides();
  const Index rank = shape.rank(), size = x.p.size();
  const bool rows_are_kept = rank > 0 && strides.back() != 0;
  // The threads sum pieces, each of rows that lie together and that it most likely wrote itself.
  // Where there are too few pieces for that, each sums its columns of all rows.
  const Index tall = rows_are_kept ? tall_axis(shape, strides) : -1;
  const bool many_pieces = tall >= 0 && divide_up(shape[tall], kTallest) >= 2 * thread_count();
  const Index axis = widest_kept_axis(shape, strides);
  if (axis < 0 || size <= kGrain || many_pieces)
    return add_in_pieces(target, x, rows_are_kept, term);
  const Index own = axis - (rank - target.rank());
  Index grain = kGrain / (size / shape[axis]) / 16 * 16 + 16;
  // Columns of few numbers would be read a piece here and a piece there: one block for each thread.
  if (axis + 1 == rank)
    grain = std::max(grain, round_up(divide_up(shape[axis], thread_count()), 16));
  parallel_for(shape[axis], grain, [&](Index begin, Index end) {
    add_in_pieces(target.slice(own, begin, end), x.slice(axis, begin, end), rows_are_kept, term);
  });
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
  add_terms(target, terms_of(x), kItself);
}

void add_products_into(Tensor target, const Tensor& a, const Tensor& b, const Tensor& moments) {
  const Tensor mean = moments.slice(-1, 0, 1), scale = moments.slice(-1, 1, 2);
  if (target.size() > 1) return add_terms(target, {a, b, mean.expand(a.shape())}, kProduct);
  // A single number is the sum of one run [Eq 1.3]; rows with moments of their own are many.
  const auto times = [](Scalar p, Scalar q) { return p * q; };
  const Tensor centred = zip("sub", b, mean, [](Scalar p, Scalar q) { return p - q; });
  add_into(target, zip("mul", a, zip("mul", centred, scale, times), times));
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Tensor y(shape);
  add_into(y, x);
  return y;
}

}  // namespace rapt
