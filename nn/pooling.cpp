#include "nn/pooling.h"

#include <cmath>
#include <limits>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

// The lengths, checked; T for every sequence if none are given.
std::vector<Index> lengths_of(const Variable& x, const std::vector<Index>& lengths) {
  expect_shape("pooling: x [B, T, D]", x, {kAny, kAny, kAny});
  expect_at_least("pooling: T", x.dim(1), 1);
  expect_lengths("pooling", "x [B, T, D]", x.shape(), lengths);
  if (!lengths.empty()) return lengths;
  return std::vector<Index>(static_cast<std::size_t>(x.dim(0)), x.dim(1));
}

// 1 at the steps that count, 0 in the padding. [B, T, 1]
Tensor valid(const std::vector<Index>& lengths, const Variable& x) {
  return Mask::padding(lengths, x.dim(1)).against({x.dim(0), 1, x.dim(1)}).transpose();
}

Scalar bound(Index attention_dim) {
  expect_at_least("AttentionPooling: attention_dim", attention_dim, 1);
  return 1 / std::sqrt(Scalar(attention_dim));
}

}  // namespace

Variable mean_pooling(const Variable& x, const std::vector<Index>& given) {
  const std::vector<Index> lengths = lengths_of(x, given);
  Tensor share({x.dim(0), 1});
  for (std::size_t b = 0; b < lengths.size(); ++b)
    share.data()[b] = lengths[b] == 0 ? 0 : 1 / static_cast<Scalar>(lengths[b]);
  return sum(where(valid(lengths, x), x, Scalar(0)), 1) * share;
}

Variable max_pooling(const Variable& x, const std::vector<Index>& given) {
  const std::vector<Index> lengths = lengths_of(x, given);
  Tensor any({x.dim(0), 1});
  for (std::size_t b = 0; b < lengths.size(); ++b) any.data()[b] = lengths[b] > 0 ? 1 : 0;
  constexpr Scalar kLeast = -std::numeric_limits<Scalar>::infinity();
  return where(any, max(where(valid(lengths, x), x, kLeast), 1), Scalar(0));
}

Variable last_pooling(const Variable& x, const std::vector<Index>& given) {
  const std::vector<Index> lengths = lengths_of(x, given);
  Tensor last({x.dim(0), x.dim(1), 1});
  for (std::size_t b = 0; b < lengths.size(); ++b)
    if (lengths[b] > 0) last.data()[static_cast<Index>(b) * x.dim(1) + lengths[b] - 1] = 1;
  return sum(where(last, x, Scalar(0)), 1);
}

AttentionPooling::AttentionPooling(Index dim, Index attention_dim, Rng& rng)
    : query(parameter("query", uniform({attention_dim}, bound(attention_dim), rng))),
      project_(child<Linear>("project", dim, attention_dim, rng)) {}

Attended AttentionPooling::operator()(const Variable& x, const std::vector<Index>& given) const {
  expect_shape("AttentionPooling: x [B, T, D]", x, {kAny, kAny, project_.weight.dim(1)});
  const std::vector<Index> lengths = lengths_of(x, given);
  const Index batch = x.dim(0), steps = x.dim(1);
  const Variable matter = matmul(tanh(project_(x)), reshape(query, {-1, 1}));  // [B, T, 1]
  const Attended attended = attend(transpose(matter), x, Mask::padding(lengths, steps));
  return {reshape(attended.context, {batch, x.dim(2)}), reshape(attended.weights, {batch, steps})};
}

BagOfEmbeddings::BagOfEmbeddings(Index vocabulary, Index dim, Rng& rng)
    : embedding_(child<Embedding>("embedding", vocabulary, dim, rng)) {}

Variable BagOfEmbeddings::operator()(const Ids& ids, const std::vector<Index>& lengths) const {
  expect_shape("BagOfEmbeddings: ids [B, T]", ids.shape, {kAny, kAny});
  return mean_pooling(embedding_(ids), lengths);
}

}  // namespace rapt::nn
