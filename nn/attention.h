#pragma once
#include "nn/linear.h"
#include "nn/mask.h"
#include "nn/position.h"
#include "nn/score.h"

namespace rapt::nn {

// What every attention returns: the mixed values, and who looked where.
struct Attended {
  Variable context;  // [.., Tq, E]
  Variable weights;  // [.., Tq, Tk], rows sum to 1, or to 0 where nothing may be attended
};

// Whether an attention hands out its weights. To do so it has to store them, Tq Tk numbers for each
// head. Dropped, it makes them block by block and forgets them: memory grows with T instead of T^2,
// `weights` is empty, [.., Tq, 0], and the context differs in last digits.
enum class Weights { kept, dropped };

// The first half of every attention, how well each query matches each key, stands in nn/score.h.
// Scores that nobody may look at become minus infinity, which softmax turns to 0.
Variable masked(const Variable& scores, const Mask& mask);

// The second half: scores to weights by softmax over the keys that the mask allows, and the values
// mixed by them.   [Eq 7.5]
// Values that no query may see still have to be finite: their weight is 0, and 0 times infinity is
// not a number.
// scores [.., Tq, Tk], v [.., Tk, E] -> context [.., Tq, E], weights [.., Tq, Tk]
Attended attend(const Variable& scores, const Variable& v, const Mask& mask = {});

// Vaswani et al. 2017, section 3.2.1.   softmax(q k^T / sqrt(D)) v   [Eq 7.4]
// q [.., Tq, D], k [.., Tk, D], v [.., Tk, E] -> context [.., Tq, E], weights [.., Tq, Tk]
Attended scaled_dot_product(const Variable& q, const Variable& k, const Variable& v,
                            const Mask& mask = {}, Weights weights = Weights::kept);

// Self-attention, one head: every position of one sequence asks, is asked, and answers.
class SelfAttention : public Module {
 public:
  // features of x, of queries and keys, and of values
  SelfAttention(Index dim, Index key_dim, Index value_dim, Rng& rng,
                Score score = Score::scaled_dot);

  // x [B, T, D], mask [B, T, T] -> context [B, T, E], weights [B, T, T]
  Attended operator()(const Variable& x, const Mask& mask = {}) const;

 private:
  Linear &query_, &key_, &value_;
  Scorer& score_;
};

// A source that was read once and can be asked many times.
struct Memory {
  Variable keys;    // [B, Tk, P], the source as the scorer projected it
  Variable values;  // [B, Tk, E], the source itself
  Mask mask;        // [B, Tq, Tk]; an extent of 1 stands for all
};

// Cross-attention as in Bahdanau et al. 2015 and Luong et al. 2015: each state of the target asks
// the states of the source, which are keys and values at once.
class CrossAttention : public Module {
 public:
  CrossAttention(Index target_dim, Index source_dim, Rng& rng, Score score);

  // target [B, Tq, D], source [B, Tk, E], mask [B, Tq, Tk]
  // -> context [B, Tq, E], weights [B, Tq, Tk]
  Attended operator()(const Variable& target, const Variable& source, const Mask& mask = {}) const {
    return ask(target, read(source, mask));
  }

  // The same in two parts, for a target that comes step by step.
  Memory read(const Variable& source, const Mask& mask = {}) const;
  Attended ask(const Variable& target, const Memory& memory) const;
  // What `ask` makes weights of: [B, Tq, Tk]
  Variable scores(const Variable& target, const Memory& memory) const;

 private:
  Index target_dim_, source_dim_;
  Scorer& score_;
};

// What is there to be looked at, ready for any number of queries: keys and values of each head.
struct KeysValues {
  Variable keys, values;  // [B, H, T, D/H]
};

// The steps of `past`, followed by those of `more`.   [Eq 12.11]
KeysValues append(const KeysValues& past, const KeysValues& more);

// Vaswani et al. 2017, section 3.2.2: H attentions side by side, each on D / H of the features,
// their contexts joined by one more linear layer.   [Eq 11.1]
class MultiHeadAttention : public Module {
 public:
  // ValueError unless heads divide dim. Positions that add a bias to the scores keep the weights.
  MultiHeadAttention(Index dim, Index heads, Rng& rng, Weights weights = Weights::kept);

  // Self-attention: q, k and v from one sequence. Where the sequence comes piece by piece, `past`
  // holds what the pieces before x left, and gets what x adds.
  // x [B, T, D], mask [B, T, Tk] -> context [B, T, D], weights [B, H, T, Tk], where Tk = T + past
  Attended operator()(const Variable& x, const Mask& mask = {}, const Positions& positions = {},
                      KeysValues* past = nullptr) const;

  // Cross-attention: queries from one sequence, keys and values from another. No positions: a
  // distance between steps of two sequences means nothing.
  // target [B, Tq, D], source [B, Tk, D], mask [B, Tq, Tk]
  // -> context [B, Tq, D], weights [B, H, Tq, Tk]
  Attended operator()(const Variable& target, const Variable& source, const Mask& mask = {}) const;

  // The same in two parts, for a target that comes piece by piece. The first step of the source
  // stands at position `first`; where positions are given, the queries are the last of the keys.
  // source [B, Tk, D] -> keys, values [B, H, Tk, D/H]
  KeysValues read(const Variable& source, const Positions& positions = {}, Index first = 0) const;
  // target [B, Tq, D], mask [B, Tq, Tk] -> context [B, Tq, D], weights [B, H, Tq, Tk]
  Attended ask(const Variable& target, const KeysValues& known, const Mask& mask = {},
               const Positions& positions = {}) const;

  KeysValues nothing(Index batch) const;  // a past without any step, [B, H, 0, D/H]

 private:
  Variable queries(const Variable& target, const Positions& positions, Index first) const;
  Attended answer(const Variable& queries, const KeysValues& known, const Mask& mask,
                  const Positions& positions) const;
  Variable split(const Variable& x) const;  // [B, T, D] -> [B, H, T, D/H]
  Variable merge(const Variable& x) const;  // [B, H, T, D/H] -> [B, T, D]

  Index dim_, heads_;
  Weights weights_;
  Linear &query_, &key_, &value_, &output_;
};

}  // namespace rapt::nn
