#pragma once
#include "nn/attention.h"
#include "tensor/ids.h"

namespace rapt::nn {

// What hard attention returns: as every attention, and what learning by chance needs.
struct HardAttended : Attended {  // weights: 1 at the chosen key, 0 elsewhere
  Variable probabilities;    // [.., Tq, Tk], drawn from: the weights of soft attention   [Eq 9.1]
  Ids choice;                // [.., Tq], the chosen key; -1 where nothing may be attended
  Variable log_probability;  // [.., Tq], of the choice   [Eq 9.3]; 0 where there was none
  Variable entropy;          // [.., Tq], of the probabilities, in nats   [Eq 9.6]
};

// How one key of each row is chosen in training, and how the choice learns.
//   monte_carlo: drawn from the probabilities. No gradient passes the draw: the scores learn
//                through log_probability and a reward (nn/reinforce.h).
//                Mnih et al. 2014; Xu et al. 2015, section 4.1
//   gumbel:      the largest of scores + Gumbel noise, which is a draw from the probabilities,
//                too; the gradient is that of a softmax at `temperature`, as if it had been used
//                (straight through). Jang et al. 2017, section 2; Bengio et al. 2013
enum class Draw { monte_carlo, gumbel };

struct HardOptions {
  Draw draw = Draw::monte_carlo;
  Scalar temperature = 1;  // of gumbel alone, above 0   [Eq 9.7]
};

// The second half of an attention, in the place of `attend`: one key of each row instead of a
// blend of all. In eval() the likeliest key, of equal ones the first, and nothing is drawn.
class HardAttention : public Module {
 public:
  HardAttention(const HardOptions& options, Rng& rng);  // draws from a generator of its own

  // scores [.., Tq, Tk], v [.., Tk, E] -> context [.., Tq, E], weights [.., Tq, Tk], see above.
  // Scores that are NaN or plus infinity leave nothing to draw from: ValueError.
  HardAttended operator()(const Variable& scores, const Variable& v, const Mask& mask = {}) const;

 private:
  HardOptions options_;
  mutable Rng rng_;
};

// Several draws of each row at once: scores and v, repeated, give a result for each sample. Samples
// stand behind the batch, where heads do, because a mask takes the first axis for the batch.
// x [B, M, N] -> [B, S, M, N], a view
Variable for_samples(const Variable& x, Index samples);

// Cross-attention that chooses one step of the source for each state of the target. Parameters and
// their names are those of CrossAttention, and as one it still gives the soft answer.
class HardCrossAttention : public CrossAttention {
 public:
  HardCrossAttention(Index target_dim, Index source_dim, Rng& rng, Score score,
                     const HardOptions& options = {});

  // target [B, Tq, D], source [B, Tk, E], mask [B, Tq, Tk]
  // -> context [B, Tq, E], weights [B, Tq, Tk]
  HardAttended operator()(const Variable& target, const Variable& source,
                          const Mask& mask = {}) const {
    return ask(target, read(source, mask));
  }
  HardAttended ask(const Variable& target, const Memory& memory) const;

 private:
  HardAttention& choose_;
};

}  // namespace rapt::nn
