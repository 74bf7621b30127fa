#pragma once
#include <functional>

#include "nn/cell.h"
#include "nn/sampling.h"
#include "tensor/ids.h"

namespace rapt::nn {

// One step of a model that says a sequence token by token.
struct Next {
  Variable logits;   // [B, V], of the token to come
  State state;       // what the next step needs to know
  Variable weights;  // [B, S], where this step looked in the source; [B, 0] without a source
};

// A model that can be asked for the next token: a recurrent decoder, a Transformer with a cache of
// keys and values. What it carries is a list of tensors whose first axis is the batch, so that a
// search can drop, repeat and reorder sequences without knowing what they mean.
class Stepwise {
 public:
  virtual ~Stepwise() = default;
  // tokens [B], the last of each sequence so far
  virtual Next next(const Ids& tokens, const State& state) const = 0;
};

inline constexpr std::int32_t kNoEnd = -1;  // no token ends a sequence, only its length

// Where a sequence begins and what ends it. The state holds what was read before `start`: the
// source of a translation, or a prompt without its last token.
struct Limits {
  std::int32_t start, end;
  Index longest;  // so many tokens at most, the end counted
};

struct Decoded {
  std::vector<std::int32_t> tokens;  // without start and end
  Scalar log_probability = 0;        // of the tokens, and of the end if it was said
  Scalar score = 0;                  // what a beam search ranks by; else the log-probability
  Tensor alignment{Shape{0, 0}};     // [T, S], where the model looked when it said each token
  bool ended = false;                // by the end, not by its length
};

// The most likely token at each step, for a whole batch at once: B is that of the state, and 1 for
// a model that carries none. A sequence that has ended leaves the batch.
//   y_t = argmax_v p(v | y_1 .. y_(t-1))   [Eq 13.1]
std::vector<Decoded> greedy(const Stepwise& model, const State& state, const Limits& limits);

// Called with each token as it is said, the end excepted; false stops there.
using OnToken = std::function<bool(std::int32_t token)>;

// One sequence, each token drawn from what the model expects.
Decoded generate(const Stepwise& model, const State& state, const Limits& limits,
                 const SamplingOptions& options, Rng& rng, const OnToken& on_token = nullptr);

// ---- What every search is made of. `search` is its name, for errors.

// B, the first extent of every tensor of a state; 1 if there are none.
Index batch_of(const char* search, const State& state);
void expect_one_sequence(const char* search, const State& state);  // ShapeError unless B is 1

// What a step of the model says, checked against the batch and the limits. -> [B, V]
Tensor log_probabilities(const char* search, const Next& next, Index batch, const Limits& limits);

// The sequences of these rows: dropped, repeated, reordered. rows [N] -> a state of N sequences
State select_rows(const State& state, const std::vector<std::int32_t>& rows);

// Appends a token, and the row of weights [B, S] with which it was said.
void say(Decoded& sequence, std::int32_t token, const Tensor& weights, Index row);

}  // namespace rapt::nn
