#include "nn/reinforce.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

ReinforceOptions checked(const ReinforceOptions& options) {
  expect_probability("Reinforce: decay", options.decay);
  if (!(options.entropy_bonus >= 0) || std::isinf(options.entropy_bonus))
    throw ValueError(message("Reinforce: entropy_bonus must be finite and at least 0, got ",
                             options.entropy_bonus));
  if (options.baseline == Baseline::learned)
    expect_at_least("Reinforce: features of a learned baseline", options.features, 1);
  return options;
}

}  // namespace

Reinforce::Reinforce(const ReinforceOptions& options, Rng& rng) : options_(checked(options)) {
  if (options.baseline == Baseline::learned)
    value_ = &child<Linear>("value", options.features, 1, rng);
}

Variable Reinforce::operator()(const Variable& reward, const Variable& log_probability,
                               const Variable& entropy, const Variable& seen) const {
  Shape fitting = reward.shape();
  fitting.push_back(options_.features);
  const Variable expected = baseline(seen);
  expect_shape("Reinforce: seen [.., D] for this reward", seen, fitting);
  const Variable error = reward.detach() - expected;
  const Variable score = loss(error.detach(), reward, log_probability, entropy);
  return score + mean(error * error);
}

Variable Reinforce::operator()(const Variable& reward, const Variable& log_probability,
                               const Variable& entropy) const {
  const Variable result = loss(reward.detach() - baseline(), reward, log_probability, entropy);
  if (training() && options_.baseline == Baseline::moving_average) {
    const Scalar now = mean(reward.detach()).item();
    average_ = started_ ? options_.decay * average_ + (1 - options_.decay) * now : now;
    started_ = true;
  }
  return result;
}

Variable Reinforce::loss(const Variable& advantage, const Variable& reward,
                         const Variable& log_probability, const Variable& entropy) const {
  expect_shape("Reinforce: log_probability [..] for this reward", log_probability, reward.shape());
  expect_shape("Reinforce: entropy [..] for this reward", entropy, reward.shape());
  const Variable judged = advantage * log_probability;
  const Variable open = options_.entropy_bonus * entropy;
  return -mean(judged + open);
}

Variable Reinforce::baseline() const {
  if (value_) throw ValueError("Reinforce: a learned baseline needs what was seen, got nothing");
  return average_;
}

Variable Reinforce::baseline(const Variable& seen) const {
  if (!value_) throw ValueError("Reinforce: only a learned baseline looks at what was seen");
  expect_shape("Reinforce: seen [.., D]", seen, {kFront, options_.features});
  Shape front = seen.shape();
  front.erase(front.rank() - 1);
  // One row for each choice, as a Linear layer wants two axes at least.
  const Variable rows = reshape(seen.detach(), {element_count(front), options_.features});
  return reshape((*value_)(rows), front);
}

}  // namespace rapt::nn
