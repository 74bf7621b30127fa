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

constexpr auto kItself = [](auto v, auto) { return v; };

// o[i] += term(p[0][i], q[0][i]), then those of row 1, .. : each number of o is read and written
// once for all rows.
template <Index rows, class Term>
void add_rows(Scalar* o, const Scalar* const* p, const Scalar* const* q, Index n, Term term) {
  Index i = 0;
  for (; i + simd::kLanes <= n; i += simd::kLanes) {
    simd::Vector sum = simd::load(o + i);
    for (Index r = 0; r < rows; ++r)
      sum = simd::lanewise(kAdd, sum,
                           simd::lanewise(term, simd::load(p[r] + i), simd::load(q[r] + i)));
    simd::store(sum, o + i);
  }
  for (; i < n; ++i)
    for (Index r = 0; r < rows; ++r) o[i] += term(p[r][i], q[r][i]);
}

// Rows that follow each other and go to the same place, held back until there are enough of them.
template <class Term>
class Together {
 public:
  Together(Index n, Term term) : n_(n), term_(term) {}
  ~Together() { add(); }

  void take(Scalar* o, const Scalar* p, const Scalar* q) {
    if (count_ == kMost || o != to_) add();
    to_ = o;
    p_[count_] = p;
    q_[count_++] = q;
  }

 private:
  void add() {
    if (count_ == kMost)
      add_rows<kMost>(to_, p_, q_, n_, term_);
    else
      for (Index r = 0; r < count_; ++r) add_rows<1>(to_, p_ + r, q_ + r, n_, term_);
    count_ = 0;
  }

  static constexpr Index kMost = 8;
  Index n_, count_ = 0;
  Term term_;
  Scalar* to_ = nullptr;
  const Scalar *p_[kMost], *q_[kMost];
};

template <class Term>
void add_serially(Scalar* target, const Shape& target_strides, const Tensor& a, const Tensor& b,
                  Term term) {
  const Rows rows(a.shape(), {&target_strides, &a.strides(), &b.strides()});
  const Index so = rows.step(0), sa = rows.step(1), sb = rows.step(2);
  Together<Term> together(rows.length(), term);
  rows.walk(0, rows.count(), [&](const Rows::Offsets& at, Index n) {
    Scalar* o = target + at[0];
    const Scalar *p = a.base() + at[1], *q = b.base() + at[2];
    if (so == 0 && sa == 1 && sb == 1)
      *o += fold(n, 0, kAdd, term, p, q);
    else if (so == 1 && sa == 1 && sb == 1)
      together.take(o, p, q);
    else
      for (Index i = 0; i < n; ++i) o[i * so] += term(p[i * sa], q[i * sb]);
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

template <class Term>
void add_in_pieces(Tensor target, const Tensor& a, const Tensor& b, bool rows_are_kept, Term term) {
  const Tensor into = target.expand(a.shape());
  const Index tall = rows_are_kept ? tall_axis(a.shape(), into.strides()) : -1;
  if (tall < 0) return add_serially(target.base(), into.strides(), a, b, term);
  for (Index begin = 0; begin < a.dim(tall); begin += kTallest) {
    const Index end = std::min(begin + kTallest, a.dim(tall));
    Tensor part(target.shape());
    add_in_pieces(part, a.slice(tall, begin, end), b.slice(tall, begin, end), true, term);
    add_in_pieces(target, part, part, false, kItself);
  }
}

// target[i] += term(a[i], b[i]) for tensors a and b of one shape.
template <class Term>
void add_terms(Tensor target, const Tensor& a, const Tensor& b, Term term) {
  constexpr Index kGrain = 16384;  // elements
  const Shape strides = target.expand(a.shape()).strides();
  const bool rows_are_kept = a.rank() > 0 && strides.back() != 0;
  if (a.size() <= kGrain) return add_in_pieces(target, a, b, rows_are_kept, term);
  // A thread sums rows that lie together, most likely those that it wrote and has at hand. Where
  // there are too few pieces for that, it sums its columns of all rows.
  const Index tall = rows_are_kept ? tall_axis(a.shape(), strides) : -1;
  const Index pieces = tall < 0 ? 0 : divide_up(a.dim(tall), kTallest);
  if (pieces >= 2 * thread_count()) {
    std::vector<Tensor> parts(static_cast<std::size_t>(pieces));
    parallel_for(pieces, 1, [&](Index piece, Index) {
      const Index begin = piece * kTallest, end = std::min(begin + kTallest, a.dim(tall));
      Tensor part(target.shape());
      add_in_pieces(part, a.slice(tall, begin, end), b.slice(tall, begin, end), true, term);
      parts[static_cast<std::size_t>(piece)] = part;
    });
    for (const Tensor& part : parts) add_in_pieces(target, part, part, false, kItself);
    return;
  }
  const Index axis = widest_kept_axis(a.shape(), strides);
  if (axis < 0) return add_in_pieces(target, a, b, rows_are_kept, term);
  const Index own = axis - (a.rank() - target.rank());
  Index grain = kGrain / (a.size() / a.dim(axis)) / 16 * 16 + 16;
  // Columns of few numbers would be read a piece here and a piece there: one block for each thread.
  if (axis + 1 == a.rank())
    grain = std::max(grain, round_up(divide_up(a.dim(axis), thread_count()), 16));
  parallel_for(a.dim(axis), grain, [&](Index begin, Index end) {
    add_in_pieces(target.slice(own, begin, end), a.slice(axis, begin, end),
                  b.slice(axis, begin, end), rows_are_kept, term);
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
  add_terms(target, x, x, kItself);
}

void add_products_into(Tensor target, const Tensor& a, const Tensor& b) {
  add_terms(target, a, b.expand(a.shape()), [](auto p, auto q) { return p * q; });
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Tensor y(shape);
  add_into(y, x);
  return y;
}

}  // namespace rapt
