#include "nn/score.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

// [out, in], as the weight of Linear
Tensor weight_of(const char* name, Index out, Index in, Rng& rng) {
  expect_at_least(message(name, ": features"), in, 1);
  expect_at_least(message(name, ": features"), out, 1);
  return uniform({out, in}, 1 / std::sqrt(Scalar(in)), rng);
}

void expect_one_width(Index query_dim, Index key_dim) {
  expect_at_least("attention: features", query_dim, 1);
  if (query_dim != key_dim)
    throw ShapeError(message("attention: the dot product needs q and k of equal width: ", query_dim,
                             " vs ", key_dim, "; did you mean Score::general?"));
}

}  // namespace

void expect_one_width(const Variable& q, const Variable& k) {
  expect_shape("attention: q [.., Tq, D]", q, {kFront, kAny, kAny});
  expect_shape("attention: k [.., Tk, D]", k, {kFront, kAny, kAny});
  if (q.dim(-1) != k.dim(-1))
    throw ShapeError(message("attention: q [.., Tq, D] and k [.., Tk, D] differ in D: ", q.shape(),
                             " and ", k.shape(), " (", q.dim(-1), " vs ", k.dim(-1),
                             "); did you mean Score::general?"));
}

Variable dot_scores(const Variable& q, const Variable& k) {
  expect_one_width(q, k);
  return matmul(q, transpose(k));
}

Scalar dot_scale(const Variable& q) {
  expect_shape("attention: q [.., Tq, D]", q, {kFront, kAny, kAny});
  return 1 / std::sqrt(Scalar(q.dim(-1)));
}

Variable scaled_dot_scores(const Variable& q, const Variable& k) {
  // Dividing q costs Tq D divisions, dividing the scores Tq Tk of them.
  return dot_scores(q * dot_scale(q), k);
}

Variable DotScorer::scores(const Variable& q, const Variable& projected) const {
  return dot_scores(q, projected);
}

Variable ScaledDotScorer::scores(const Variable& q, const Variable& projected) const {
  return scaled_dot_scores(q, projected);
}

GeneralScorer::GeneralScorer(Index query_dim, Index key_dim, Rng& rng)
    : weight(parameter("weight", weight_of("GeneralScorer", query_dim, key_dim, rng))) {}

Variable GeneralScorer::project(const Variable& k) const {
  expect_shape("GeneralScorer: k [B, Tk, K]", k, {kAny, kAny, weight.dim(1)});
  return matmul(k, transpose(weight));
}

Variable GeneralScorer::scores(const Variable& q, const Variable& projected) const {
  expect_shape("GeneralScorer: q [B, Tq, Q]", q, {kAny, kAny, weight.dim(0)});
  return dot_scores(q, projected);
}

AdditiveScorer::AdditiveScorer(Index query_dim, Index key_dim, Index attention_dim, Rng& rng)
    : weight_q(parameter("weight_q", weight_of("AdditiveScorer", attention_dim, query_dim, rng))),
      weight_k(parameter("weight_k", weight_of("AdditiveScorer", attention_dim, key_dim, rng))),
      v(parameter("v", weight_of("AdditiveScorer", 1, attention_dim, rng).reshape({-1}))) {}

Variable AdditiveScorer::project(const Variable& k) const {
  expect_shape("AdditiveScorer: k [B, Tk, K]", k, {kAny, kAny, weight_k.dim(1)});
  return matmul(k, transpose(weight_k));
}

Variable AdditiveScorer::scores(const Variable& q, const Variable& projected) const {
  const Index features = v.dim(0);
  expect_shape("AdditiveScorer: q [B, Tq, Q]", q, {kAny, kAny, weight_q.dim(1)});
  expect_shape("AdditiveScorer: projected [B, Tk, A]", projected, {q.dim(0), kAny, features});
  const Index batch = q.dim(0), queries = q.dim(1), keys = projected.dim(1);
  // Each query meets each key by broadcasting: [B, Tq, 1, A] + [B, 1, Tk, A].
  const Variable asked = reshape(matmul(q, transpose(weight_q)), {batch, queries, 1, features});
  const Variable read = reshape(projected, {batch, 1, keys, features});
  const Variable energy = matmul(tanh(asked + read), reshape(v, {features, 1}));
  return reshape(energy, {batch, queries, keys});
}

std::unique_ptr<Scorer> make_scorer(Score score, Index query_dim, Index key_dim, Rng& rng,
                                    std::optional<Index> attention_dim) {
  switch (score) {
    case Score::dot:
      expect_one_width(query_dim, key_dim);
      return std::make_unique<DotScorer>();
    case Score::scaled_dot:
      expect_one_width(query_dim, key_dim);
      return std::make_unique<ScaledDotScorer>();
    case Score::general:
      return std::make_unique<GeneralScorer>(query_dim, key_dim, rng);
    case Score::additive:
      return std::make_unique<AdditiveScorer>(query_dim, key_dim, attention_dim.value_or(query_dim),
                                              rng);
  }
  throw ValueError("make_scorer: unknown score");
}

}  // namespace rapt::nn
