#pragma once
#include <string>

#include "examples/tasks/task.h"
#include "nn/hard_attention.h"
#include "nn/reinforce.h"

// One look at a sequence and an answer from it: what the ways of looking have in common that
// chapter 09 compares.
namespace rapt::looking {

enum class Look { mean, soft, draw, gumbel };

struct Way {
  std::string name;
  Look look;
  nn::Baseline baseline = nn::Baseline::none;  // where the look is drawn
  Index samples = 1;                           // S, looks at each sequence in one step
};

struct Looked {
  Variable logits;                    // [B, S, 1, C], said after one look
  Variable weights;                   // [B, S, 1, T], of the blend, or what was drawn from
  Variable log_probability, entropy;  // [B, S, 1], of a hard look
  Variable before;                    // [B, S, 1, D], what is seen before it: the mean
};

// Everything but the scores is linear, so a mean of all steps knows how often each symbol came.
class Model : public nn::Module {
 public:
  Model(Index features, Index dim, Index classes, Rng& rng);

  // features [B, T, F]
  Looked operator()(const Tensor& features, Look look, Index samples) const;

  Variable weights(const Tensor& features) const;  // where it looks. [B, T, F] -> [B, 1, T]

  // sum_t p_t R_t of the batch in place of its draws, as there are only T looks, with the rewards
  // constant: its gradient is what REINFORCE estimates.   -> []
  Variable exact_loss(const tasks::Batch& batch) const;

  std::vector<Variable> parameters_of_scores() const;

 private:
  Variable scores(const Variable& x) const;  // [Eq 7.10]; x [B, T, D] -> [B, 1, T]

  nn::Linear &embed_, &project_;
  Variable query_;  // [D, 1]
  nn::Linear& answer_;
  nn::HardAttention &draw_, &gumbel_;
};

// The cross entropy of the answer, and for a drawn look the loss of REINFORCE, whose reward is
// log p(right answer | look) (Xu et al. 2015, section 4.1). -> []
Variable loss_of(const Model& model, const nn::Reinforce& reinforce, const Way& way,
                 const tasks::Batch& batch);

}  // namespace rapt::looking
