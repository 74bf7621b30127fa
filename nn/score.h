#pragma once
#include <memory>
#include <optional>

#include "nn/module.h"
#include "tensor/random.h"

namespace rapt::nn {

// The first half of every attention: how well each query matches each key.
// q [.., Tq, D], k [.., Tk, D] -> [.., Tq, Tk]
Variable dot_scores(const Variable& q, const Variable& k);         // q k^T              [Eq 7.1]
Variable scaled_dot_scores(const Variable& q, const Variable& k);  // q k^T / sqrt(D)    [Eq 7.2]
Scalar dot_scale(const Variable& q);                               // 1 / sqrt(D)
void expect_one_width(const Variable& q, const Variable& k);       // ShapeError unless both have D

// Scores as a layer, which may learn and be exchanged for another. The part that depends on the
// keys alone is a function by itself: keys that are asked many times are projected once.
class Scorer : public Module {
 public:
  // k [B, Tk, K] -> [B, Tk, P]
  virtual Variable project(const Variable& k) const { return k; }
  // q [B, Tq, Q], projected [B, Tk, P] -> [B, Tq, Tk]
  virtual Variable scores(const Variable& q, const Variable& projected) const = 0;

  // q [B, Tq, Q], k [B, Tk, K] -> [B, Tq, Tk]
  Variable operator()(const Variable& q, const Variable& k) const { return scores(q, project(k)); }
};

// Luong et al. 2015, section 3.1, "dot".
class DotScorer : public Scorer {
 public:
  Variable scores(const Variable& q, const Variable& projected) const override;
};

// Vaswani et al. 2017, section 3.2.1: divided by sqrt(D), scores of many features stay as small as
// those of few.
class ScaledDotScorer : public Scorer {
 public:
  Variable scores(const Variable& q, const Variable& projected) const override;
};

// Luong et al. 2015, section 3.1, "general". Queries and keys may differ in width.
//   q W k^T   [Eq 7.8]
class GeneralScorer : public Scorer {
 public:
  GeneralScorer(Index query_dim, Index key_dim, Rng& rng);

  Variable project(const Variable& k) const override;  // k W^T, [B, Tk, Q]
  Variable scores(const Variable& q, const Variable& projected) const override;

  Variable weight;  // [Q, K], drawn as in Linear
};

// Bahdanau et al. 2015, appendix A.1.2: a small network reads both, so widths may differ, too. It
// looks at each pair by itself and holds A numbers for each, so long sequences cost memory.
//   v tanh(W q + U k)   [Eq 7.9]
class AdditiveScorer : public Scorer {
 public:
  AdditiveScorer(Index query_dim, Index key_dim, Index attention_dim, Rng& rng);

  Variable project(const Variable& k) const override;  // U k, [B, Tk, A]
  Variable scores(const Variable& q, const Variable& projected) const override;

  Variable weight_q, weight_k, v;  // W [A, Q], U [A, K], v [A], drawn as in Linear
};

enum class Score { dot, scaled_dot, general, additive };

// ShapeError if the score is a dot product and the widths differ. The additive scorer has as many
// inner features as the query, unless `attention_dim` says otherwise; the others have none.
std::unique_ptr<Scorer> make_scorer(Score score, Index query_dim, Index key_dim, Rng& rng,
                                    std::optional<Index> attention_dim = std::nullopt);

}  // namespace rapt::nn
