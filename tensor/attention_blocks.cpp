#include "tensor/attention_blocks.h"

#include <algorithm>
#include <array>
#include <limits>

#include "tensor/masked_softmax.h"
#include "tensor/rows.h"

namespace rapt::attention_blocks {
namespace {

Shape front_axes(const Tensor& x) {
  Shape front;
  for (Index axis = 0; axis + 2 < x.rank(); ++axis) front.push_back(x.dim(axis));
  return front;
}

Shape common_front_axes(const Tensor& q, const Tensor& k, const Tensor& v) {
  const bool matrices = q.rank() >= 2 && k.rank() >= 2 && v.rank() >= 2;
  if (!matrices || q.dim(-1) != k.dim(-1) || k.dim(-2) != v.dim(-2))
    throw ShapeError(
        message("attention: expected q [.., Tq, D], k [.., Tk, D], v [.., Tk, E], got ", q.shape(),
                ", ", k.shape(), ", ", v.shape()));
  return broadcast_shapes("attention", front_axes(q),
                          broadcast_shapes("attention", front_axes(k), front_axes(v)));
}

Shape with(Shape front, Index rows, Index columns) {
  front.push_back(rows);
  front.push_back(columns);
  return front;
}

}  // namespace

void multiply(Operand a, Operand b, Scalar* c, Index m, Index k, Index n) {
  const std::array<Product, 1> one{{{a.data, b.data, c}}};
  gemm(one, m, k, n, a.step, b.step);
}

// A million multiply-adds take some 20 microseconds; for less than two no other thread is woken.
Index grain(Index tasks, Index work) {
  constexpr Index kPiece = 1 << 20;
  work = std::max<Index>(work, 1);
  return tasks * work < 2 * kPiece ? std::max<Index>(tasks, 1) : divide_up(kPiece, work);
}

Heads::Heads(const Tensor& x, const Shape& front, Index rows, Index columns)
    : tensor(x.expand(with(front, rows, columns))) {
  Shape strides = tensor.strides();
  strides.erase(strides.rank() - 1);
  strides.erase(strides.rank() - 1);
  const Rows walk(front, {&strides});
  walk.walk(0, walk.count(), [&](const Rows::Offsets& at, Index length) {
    for (Index i = 0; i < length; ++i) begin.push_back(at[0] + i * walk.step(0));
  });
}

Operand Heads::operator[](Index head) const {
  const Shape& strides = tensor.strides();
  return {tensor.base() + begin[static_cast<std::size_t>(head)],
          {strides[strides.rank() - 2], strides.back()}};
}

Scores::Scores(const Tensor& q_in, const Tensor& k_in, const Tensor& v_in, const Tensor& allowed,
               Scalar scale_in)
    : front(common_front_axes(q_in, k_in, v_in)),
      queries(q_in.dim(-2)),
      keys(k_in.dim(-2)),
      features(q_in.dim(-1)),
      values(v_in.dim(-1)),
      q(q_in, front, queries, features),
      k(k_in, front, keys, features),
      v(v_in, front, keys, values),
      mask(allowed, front, queries, keys),
      heads(element_count(front)),
      scale(scale_in) {
  if (!allows_everything(allowed)) look_at_masks();
}

Shape Scores::shape(Index rows, Index columns) const { return with(front, rows, columns); }

Block Scores::block(Index head, Index i, Index j) const {
  if (which_.empty())
    return {head, i * kQueries, queries_in(i), j * kKeys, std::min(kKeys, keys - j * kKeys), true};
  const Index row = which_[static_cast<std::size_t>(head)] * query_blocks() + i;
  Block b = seen_[static_cast<std::size_t>(row * key_blocks() + j)];
  b.head = head;
  return b;
}

void Scores::load_queries(Index head, Index i, Scalar* scaled) const {
  const Operand from = q[head].from(i * kQueries);
  for (Index row = 0; row < queries_in(i); ++row, scaled += features) {
    const Scalar* in = from.from(row).data;
    if (from.step.column == 1)
      for (Index d = 0; d < features; ++d) scaled[d] = in[d] * scale;
    else
      for (Index d = 0; d < features; ++d) scaled[d] = in[d * from.step.column] * scale;
  }
}

void Scores::make(const Block& b, const Scalar* scaled, Scalar* s) const {
  constexpr Scalar kNever = -std::numeric_limits<Scalar>::infinity();
  const Operand asked{scaled, {features, 1}}, known = k[b.head].from(b.key);
  multiply(asked, known.transposed(), s, b.queries, features, b.keys);
  if (b.all) return;
  const Operand from = mask[b.head].from(b.query);
  for (Index i = 0; i < b.queries; ++i) {
    const Scalar* m = from.from(i).data + b.key * from.step.column;
    Scalar* row = s + i * b.keys;
    if (from.step.column == 1)
      for (Index j = 0; j < b.keys; ++j) row[j] = m[j] != 0 ? row[j] : kNever;
    else
      for (Index j = 0; j < b.keys; ++j) row[j] = m[j * from.step.column] != 0 ? row[j] : kNever;
  }
}

// Heads that read the same numbers share a mask: it is looked at once.
void Scores::look_at_masks() {
  std::vector<Index> begins, which;
  for (Index head = 0; head < heads; ++head) {
    const Index begin = mask.begin[static_cast<std::size_t>(head)];
    const auto at = std::find(begins.begin(), begins.end(), begin);
    which.push_back(at - begins.begin());
    if (at != begins.end()) continue;
    begins.push_back(begin);
    for (Index i = 0; i < query_blocks(); ++i)
      for (Index j = 0; j < key_blocks(); ++j) {
        seen_.push_back(block(head, i, j));
        look(seen_.back());
      }
  }
  which_ = which;
}

void Scores::look(Block& b) const {
  const Operand from = mask[b.head].from(b.query);
  const Index rows = from.step.row == 0 ? 1 : b.queries, step = from.step.column;
  std::array<int, kKeys> allowing{};  // how many rows allow a key
  for (Index i = 0; i < rows; ++i) {
    const Scalar* row = from.from(i).data + b.key * step;
    if (step == 1)
      for (Index j = 0; j < b.keys; ++j) allowing[j] += row[j] != 0;
    else
      for (Index j = 0; j < b.keys; ++j) allowing[j] += row[j * step] != 0;
  }
  Index first = 0, end = b.keys;
  while (first < end && allowing[first] == 0) ++first;
  while (first < end && allowing[end - 1] == 0) --end;
  b.all = std::all_of(allowing.begin() + first, allowing.begin() + end,
                      [&](int count) { return count == rows; });
  b.key += first;
  b.keys = end - first;
}

}  // namespace rapt::attention_blocks
