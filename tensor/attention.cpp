#include "tensor/attention.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "tensor/attention_blocks.h"
#include "tensor/elementwise.h"
#include "tensor/fold.h"
#include "tensor/math.h"
#include "tensor/parallel.h"

namespace rapt {
namespace {

using namespace attention_blocks;

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
constexpr Index kFewTasks = 8;  // fewer heads than this share their keys among several tasks

// to += scale from
void add(const Scalar* from, Scalar* to, Index n, Scalar scale) {
  for (Index i = 0; i < n; ++i) to[i] += scale * from[i];
}

// The rows of one block of queries, over all keys.
void answer(const Scores& scores, Index head, Index i, Scalar* y, Scalar* largest,
            Scalar* inverse_total) {
  const Index e = scores.values, d = scores.features;
  const Index queries = scores.queries_in(i);
  const Storage room(queries * (d + kKeys + e + 1));
  Scalar* const scaled = room.data();
  Scalar* const s = scaled + queries * d;
  Scalar* const part = s + queries * kKeys;
  Scalar* const shrink = part + queries * e;

  std::fill_n(largest, queries, -kInfinity);
  std::fill_n(inverse_total, queries, Scalar(0));  // the total, until the end
  bool first = true;
  scores.load_queries(head, i, scaled);
  for (Index j = 0; j < scores.key_blocks(); ++j) {
    const Block b = scores.block(head, i, j);
    if (b.keys == 0) continue;
    scores.make(b, scaled, s);
    for (Index r = 0; r < queries; ++r) {
      Scalar* const row = s + r * b.keys;
      shrink[r] = largest[r];
      largest[r] = std::max(largest[r], fold_max(row, b.keys));
      const Scalar shift = largest[r] == -kInfinity ? 0 : largest[r];
      shrink[r] -= shift;
      for (Index c = 0; c < b.keys; ++c) row[c] -= shift;
    }
    for (Index c = 0; c < queries * b.keys; ++c) s[c] = exp(s[c]);
    for (Index r = 0; r < queries; ++r) shrink[r] = exp(shrink[r]);
    const Operand weights{s, {b.keys, 1}};
    multiply(weights, scores.v[head].from(b.key), first ? y : part, queries, b.keys, e);
    for (Index r = 0; r < queries; ++r) {
      inverse_total[r] = inverse_total[r] * shrink[r] + fold_sum(s + r * b.keys, b.keys);
      if (first) continue;
      for (Index c = 0; c < e; ++c) y[r * e + c] = y[r * e + c] * shrink[r] + part[r * e + c];
    }
    first = false;
  }
  if (first) std::fill_n(y, queries * e, Scalar(0));
  for (Index r = 0; r < queries; ++r) {
    inverse_total[r] = inverse_total[r] == 0 ? 0 : 1 / inverse_total[r];
    for (Index c = 0; c < e; ++c) y[r * e + c] *= inverse_total[r];
  }
}

// sum_e g_ie y_ie for every row i, g and y contiguous
Tensor row_products(const Tensor& g, const Tensor& y) {
  constexpr Index kGrain = 16384;  // elements of one block of rows
  const Index n = y.dim(-1);
  Shape shape = y.shape();
  shape[shape.rank() - 1] = 1;
  Tensor sums = Tensor::uninitialized(shape);
  parallel_for(sums.size(), kGrain / (n + 1) + 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      sums.base()[i] = fold_products(g.base() + i * n, y.base() + i * n, n);
  });
  return sums;
}

// What a head gave and what it gets, each with all its rows.
struct Backward {
  const Scalar *g, *largest, *inverse_total, *slope;
  Scalar *dq, *dk, *dv;
};

// The share of one block of keys in all gradients of its head.
void learn(const Scores& scores, Index head, Index j, const Backward& to) {
  const Index d = scores.features, e = scores.values;
  const Index most = std::min(kQueries, scores.queries), most_keys = std::min(kKeys, scores.keys);
  const Storage room(most * d + 2 * most * most_keys + std::max(most, most_keys) * std::max(d, e));
  Scalar* const scaled = room.data();
  Scalar* const w = scaled + most * d;
  Scalar* const ds = w + most * most_keys;
  Scalar* const part = ds + most * most_keys;
  const Index key = j * kKeys, keys_here = std::min(kKeys, scores.keys - key);
  std::fill_n(to.dk + key * d, keys_here * d, Scalar(0));
  std::fill_n(to.dv + key * e, keys_here * e, Scalar(0));
  for (Index i = 0; i < scores.query_blocks(); ++i) {
    const Block b = scores.block(head, i, j);
    if (b.keys == 0) continue;
    const Index keys = b.keys;
    scores.load_queries(head, i, scaled);
    scores.make(b, scaled, w);
    for (Index r = 0; r < b.queries; ++r) {
      const Scalar largest = to.largest[b.query + r];
      const Scalar shift = largest == -kInfinity ? 0 : largest;
      for (Index c = 0; c < keys; ++c) w[r * keys + c] -= shift;
    }
    for (Index c = 0; c < b.queries * keys; ++c) w[c] = exp(w[c]);

    const Operand g{to.g + b.query * e, {e, 1}}, weights{w, {keys, 1}}, slopes{ds, {keys, 1}};
    multiply(g, scores.v[head].from(b.key).transposed(), ds, b.queries, e, keys);
    for (Index r = 0; r < b.queries; ++r) {
      const Scalar scale = to.inverse_total[b.query + r], mean = to.slope[b.query + r];
      Scalar *const w_row = w + r * keys, *const ds_row = ds + r * keys;
      for (Index c = 0; c < keys; ++c) {
        w_row[c] *= scale;
        ds_row[c] = w_row[c] * (ds_row[c] - mean);
      }
    }
    multiply(weights.transposed(), g, part, keys, b.queries, e);
    add(part, to.dv + b.key * e, keys * e, 1);
    multiply(slopes.transposed(), {scaled, {d, 1}}, part, keys, b.queries, d);
    add(part, to.dk + b.key * d, keys * d, 1);
    multiply(slopes, scores.k[head].from(b.key), part, b.queries, keys, d);
    add(part, to.dq + b.query * d, b.queries * d, scores.scale);
  }
}

}  // namespace

Attention attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& allowed,
                    Scalar scale) {
  const Scores scores(q, k, v, allowed, scale);
  const Shape per_row = scores.shape(scores.queries, 1);
  Attention result{Tensor::uninitialized(scores.shape(scores.queries, scores.values)),
                   Tensor::uninitialized(per_row), Tensor::uninitialized(per_row)};
  const Index down = scores.query_blocks(), tasks = scores.heads * down;
  const Index work =
      std::min(kQueries, scores.queries) * scores.keys * (scores.features + scores.values);
  Scalar* const y = result.y.base();
  Scalar* const largest = result.largest.base();
  Scalar* const inverse_total = result.inverse_total.base();
  parallel_for(tasks, grain(tasks, work), [&](Index begin, Index end) {
    for (Index task = begin; task < end; ++task) {
      const Index head = task / down, i = task % down;
      const Index row = head * scores.queries + i * kQueries;
      answer(scores, head, i, y + row * scores.values, largest + row, inverse_total + row);
    }
  });
  return result;
}

AttentionGradients attention_gradients(const Tensor& g, const Attention& forward, const Tensor& q,
                                       const Tensor& k, const Tensor& v, const Tensor& allowed,
                                       Scalar scale) {
  const Scores scores(q, k, v, allowed, scale);
  const Index dim = scores.features, width = scores.values;
  // Several tasks may share a head, each with a part of the keys and a dq of its own. How many
  // depends on the shapes alone.
  const Index parts = std::clamp<Index>(divide_up(kFewTasks, std::max<Index>(scores.heads, 1)), 1,
                                        std::max<Index>(scores.key_blocks(), 1));
  const Index tasks = scores.heads * parts;
  AttentionGradients d{Tensor::uninitialized(scores.shape(scores.queries, dim)),
                       Tensor::uninitialized(scores.shape(scores.keys, dim)),
                       Tensor::uninitialized(scores.shape(scores.keys, width))};
  std::vector<Tensor> dq{d.q};
  while (static_cast<Index>(dq.size()) < parts) dq.push_back(Tensor::uninitialized(d.q.shape()));

  const Tensor gradient = g.contiguous();
  const Tensor slope = row_products(gradient, forward.y);
  const Index work = scores.queries * scores.keys * (3 * dim + 2 * width) / parts;
  parallel_for(tasks, grain(tasks, work), [&](Index begin, Index end) {
    for (Index task = begin; task < end; ++task) {
      const Index head = task / parts, part = task % parts;
      const Index row = head * scores.queries;
      const Backward backward{gradient.base() + row * width,
                              forward.largest.base() + row,
                              forward.inverse_total.base() + row,
                              slope.base() + row,
                              dq[static_cast<std::size_t>(part)].base() + row * dim,
                              d.k.base() + head * scores.keys * dim,
                              d.v.base() + head * scores.keys * width};
      std::fill_n(backward.dq, scores.queries * dim, Scalar(0));
      const Index blocks = scores.key_blocks();
      for (Index j = blocks * part / parts; j < blocks * (part + 1) / parts; ++j)
        learn(scores, head, j, backward);
    }
  });
  for (std::size_t part = 1; part < dq.size(); ++part) add_into(d.q, dq[part]);
  return d;
}

}  // namespace rapt
