#include "nn/attention.h"

#include <limits>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

Variable masked(const Variable& scores, const Mask& mask) {
  constexpr Scalar kNever = -std::numeric_limits<Scalar>::infinity();
  return mask.allows_everything() ? scores : where(mask.against(scores.shape()), scores, kNever);
}

namespace {

Shape dot_scores_shape(const Variable& q, const Variable& k) {
  expect_one_width(q, k);
  // Each query meets each key by broadcasting: [.., Tq, 1] and [.., 1, Tk].
  Shape asked = q.shape(), known = k.value().transpose().shape();
  asked[asked.rank() - 1] = 1;
  known[known.rank() - 2] = 1;
  return broadcast_shapes("attention", asked, known);
}

}  // namespace

Attended attend(const Variable& scores, const Variable& v, const Mask& mask) {
  expect_shape("attention: scores [.., Tq, Tk]", scores, {kFront, kAny, kAny});
  expect_shape("attention: v [.., Tk, E] for these scores", v, {kFront, scores.dim(-1), kAny});
  const Variable weights = masked_softmax(scores, mask.against(scores.shape()));
  return {matmul(weights, v), weights};
}

Attended scaled_dot_product(const Variable& q, const Variable& k, const Variable& v,
                            const Mask& mask, Weights weights) {
  if (weights == Weights::kept) return attend(scaled_dot_scores(q, k), v, mask);
  Shape scores = dot_scores_shape(q, k);
  expect_shape("attention: v [.., Tk, E] for these scores", v, {kFront, scores.back(), kAny});
  const Variable context = attention(q, k, v, mask.against(scores), dot_scale(q));
  scores[scores.rank() - 1] = 0;
  return {context, Tensor(scores)};
}

SelfAttention::SelfAttention(Index dim, Index key_dim, Index value_dim, Rng& rng, Score score)
    : query_(child<Linear>("query", dim, key_dim, rng)),
      key_(child<Linear>("key", dim, key_dim, rng)),
      value_(child<Linear>("value", dim, value_dim, rng)),
      score_(adopt("score", make_scorer(score, key_dim, key_dim, rng))) {}

Attended SelfAttention::operator()(const Variable& x, const Mask& mask) const {
  expect_shape("SelfAttention: x [B, T, D]", x, {kAny, kAny, query_.weight.dim(1)});
  const Variable q = query_(x);
  const Variable k = key_(x);
  const Variable v = value_(x);
  return attend(score_(q, k), v, mask);
}

CrossAttention::CrossAttention(Index target_dim, Index source_dim, Rng& rng, Score score)
    : target_dim_(target_dim),
      source_dim_(source_dim),
      score_(adopt("score", make_scorer(score, target_dim, source_dim, rng))) {}

Memory CrossAttention::read(const Variable& source, const Mask& mask) const {
  expect_shape("CrossAttention: source [B, Tk, E]", source, {kAny, kAny, source_dim_});
  return {score_.project(source), source, mask};
}

Attended CrossAttention::ask(const Variable& target, const Memory& memory) const {
  return attend(scores(target, memory), memory.values, memory.mask);
}

Variable CrossAttention::scores(const Variable& target, const Memory& memory) const {
  expect_shape("CrossAttention: target [B, Tq, D] for this source", target,
               {memory.values.dim(0), kAny, target_dim_});
  return score_.scores(target, memory.keys);
}

KeysValues append(const KeysValues& past, const KeysValues& more) {
  const Variable keys = concat({past.keys, more.keys}, 2);
  const Variable values = concat({past.values, more.values}, 2);
  return {keys, values};
}

MultiHeadAttention::MultiHeadAttention(Index dim, Index heads, Rng& rng, Weights weights)
    : dim_(dim),
      heads_(heads),
      weights_(weights),
      query_(child<Linear>("query", dim, dim, rng)),
      key_(child<Linear>("key", dim, dim, rng)),
      value_(child<Linear>("value", dim, dim, rng)),
      output_(child<Linear>("output", dim, dim, rng)) {
  expect_at_least("MultiHeadAttention: heads", heads, 1);
  if (dim % heads != 0)
    throw ValueError(
        message("MultiHeadAttention: ", heads, " heads do not divide ", dim, " features"));
}

Attended MultiHeadAttention::operator()(const Variable& x, const Mask& mask,
                                        const Positions& positions, KeysValues* past) const {
  const Index first = past ? past->keys.dim(2) : 0;
  const Variable q = queries(x, positions, first);
  const KeysValues own = read(x, positions, first);
  if (!past) return answer(q, own, mask, positions);
  *past = append(*past, own);
  return answer(q, *past, mask, positions);
}

Attended MultiHeadAttention::operator()(const Variable& target, const Variable& source,
                                        const Mask& mask) const {
  const Variable q = queries(target, {}, 0);
  expect_shape("MultiHeadAttention: source [B, Tk, D]", source, {target.dim(0), kAny, dim_});
  return answer(q, read(source), mask, {});
}

KeysValues MultiHeadAttention::read(const Variable& source, const Positions& positions,
                                    Index first) const {
  expect_shape("MultiHeadAttention: source [B, Tk, D]", source, {kAny, kAny, dim_});
  // One after the other, not as arguments of one call: their order in the graph, and with it the
  // order in which gradients are added, must not depend on the compiler.
  const Variable keys = positions.rotate(split(key_(source)), first);
  const Variable values = split(value_(source));
  return {keys, values};
}

Attended MultiHeadAttention::ask(const Variable& target, const KeysValues& known, const Mask& mask,
                                 const Positions& positions) const {
  expect_shape("MultiHeadAttention: target [B, Tq, D]", target, {kAny, kAny, dim_});
  const Variable q = queries(target, positions, known.keys.dim(2) - target.dim(1));
  return answer(q, known, mask, positions);
}

Variable MultiHeadAttention::queries(const Variable& target, const Positions& positions,
                                     Index first) const {
  expect_shape("MultiHeadAttention: target [B, Tq, D]", target, {kAny, kAny, dim_});
  return positions.rotate(split(query_(target)), first);
}

Attended MultiHeadAttention::answer(const Variable& queries, const KeysValues& known,
                                    const Mask& mask, const Positions& positions) const {
  const Shape fitting{queries.dim(0), heads_, kAny, dim_ / heads_};
  expect_shape("MultiHeadAttention: keys [B, H, Tk, D/H] for this target", known.keys, fitting);
  expect_shape("MultiHeadAttention: values [B, H, Tk, D/H] for this target", known.values, fitting);
  const auto& [keys, values] = known;
  const std::optional<Variable> bias = positions.bias(queries.dim(2), keys.dim(2));
  const Attended heads = bias ? attend(scaled_dot_scores(queries, keys) + *bias, values, mask)
                              : scaled_dot_product(queries, keys, values, mask, weights_);
  return {output_(merge(heads.context)), heads.weights};
}

KeysValues MultiHeadAttention::nothing(Index batch) const {
  const Tensor none({batch, heads_, 0, dim_ / heads_});
  return {none, none};
}

Variable MultiHeadAttention::split(const Variable& x) const {
  return permute(reshape(x, {x.dim(0), x.dim(1), heads_, dim_ / heads_}), {0, 2, 1, 3});
}

Variable MultiHeadAttention::merge(const Variable& x) const {
  return reshape(permute(x, {0, 2, 1, 3}), {x.dim(0), x.dim(2), dim_});
}

}  // namespace rapt::nn
