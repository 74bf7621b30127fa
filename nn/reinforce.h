#pragma once
#include "nn/linear.h"

namespace rapt::nn {

// What is subtracted from a reward before it judges a choice. It does not change the mean of the
// gradient, as long as it does not depend on the choice, and can take away most of its variance.
//   moving_average: of earlier rewards (Xu et al. 2015, section 4.1)
//   learned: a linear function of what was seen before the choice (Mnih et al. 2014, section 3.2)
enum class Baseline { none, moving_average, learned };

struct ReinforceOptions {
  Baseline baseline = Baseline::moving_average;
  Scalar decay = Scalar(0.9);  // of the moving average: the share of what it was before
  Index features = 0;          // D of what a learned baseline sees
  Scalar entropy_bonus = 0;    // keeps the choice from settling too early
};

// The score-function estimator, REINFORCE (Williams 1992), of the gradient of an expected reward
// from one draw, where E[R] = sum_i p_i R_i cannot be computed.   [Eq 9.2]
//   d/dtheta E[R] = E[(R - b) d/dtheta log p(choice)]   [Eq 9.4], [Eq 9.5]
// The layer returns a loss whose gradient is minus one draw of it, averaged over all choices:
//   mean(-(R - b) log p - bonus * entropy), plus mean (R - b)^2 for a learned b alone
class Reinforce : public Module {
 public:
  Reinforce(const ReinforceOptions& options, Rng& rng);

  // reward [..], a constant whatever graph it came from; log_probability [..]; entropy [..];
  // seen [.., D], for a learned baseline alone, which sends no gradient into it -> []
  // In training, the moving average takes in the mean of the reward, after it was used.
  Variable operator()(const Variable& reward, const Variable& log_probability,
                      const Variable& entropy, const Variable& seen) const;
  Variable operator()(const Variable& reward, const Variable& log_probability,
                      const Variable& entropy) const;

  // What this layer would subtract: by a learned baseline from seen [.., D] -> [..], else [].
  Variable baseline(const Variable& seen) const;
  Variable baseline() const;

 private:
  Variable loss(const Variable& advantage, const Variable& reward, const Variable& log_probability,
                const Variable& entropy) const;

  ReinforceOptions options_;
  Linear* value_ = nullptr;  // only where the baseline is learned
  mutable Scalar average_ = 0;
  mutable bool started_ = false;  // the first reward is the first average
};

}  // namespace rapt::nn
