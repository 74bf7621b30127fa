#pragma once
#include "nn/attention.h"
#include "nn/embedding.h"

namespace rapt::nn {

// From a vector for each step to one vector for the sequence. Steps at and beyond a sequence's
// length change nothing; a sequence of length 0 gives zeros.
// x [B, T, D], lengths [B] or empty (all T) -> [B, D]
Variable mean_pooling(const Variable& x, const std::vector<Index>& lengths = {});
Variable max_pooling(const Variable& x, const std::vector<Index>& lengths = {});  // by feature
Variable last_pooling(const Variable& x, const std::vector<Index>& lengths = {});

// Yang et al. 2016, section 2.2: a learned vector q asks every step how much it matters.
//   u_t = tanh(W x_t + b)    a = softmax_t(q . u_t)    y = sum_t a_t x_t   [Eq 7.10]
class AttentionPooling : public Module {
 public:
  AttentionPooling(Index dim, Index attention_dim, Rng& rng);

  // x [B, T, D], lengths [B] or empty (all T) -> context [B, D], weights [B, T]
  Attended operator()(const Variable& x, const std::vector<Index>& lengths = {}) const;

  Variable query;  // [A]

 private:
  Linear& project_;  // W and b
};

// A text as the mean of its words, whatever their order (Iyyer et al. 2015).
class BagOfEmbeddings : public Module {
 public:
  BagOfEmbeddings(Index vocabulary, Index dim, Rng& rng);

  // ids [B, T], lengths [B] or empty (all T) -> [B, D]
  Variable operator()(const Ids& ids, const std::vector<Index>& lengths = {}) const;

 private:
  Embedding& embedding_;
};

}  // namespace rapt::nn
