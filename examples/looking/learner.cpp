#include "examples/looking/learner.h"

#include <cmath>

#include "autograd/ops.h"
#include "nn/gradient_variance.h"
#include "tensor/reduce.h"

namespace rapt::looking {
namespace {

double length(const std::vector<Variable>& parts) {
  double squares = 0;
  for (const Variable& part : parts)
    for (const Scalar x : part.value().values()) squares += double(x) * x;
  return std::sqrt(squares);
}

}  // namespace

Learner::Learner(const tasks::Sizes& sizes, nn::Baseline baseline, Rng rng)
    : model(child<Model>("model", sizes.features, kDim, sizes.classes, rng)),
      reinforce(child<nn::Reinforce>(
          "reinforce", nn::ReinforceOptions{.baseline = baseline, .features = kDim}, rng)) {}

void train(Learner& learner, const Way& way, const tasks::Task& task,
           const training::LoopOptions& options, std::uint64_t seed,
           const std::function<bool(Index step)>& seen) {
  Rng data(seed + 1000);
  training::Loop loop(learner, options);
  while (seen(loop.done()) && !loop.finished()) {
    const tasks::Batch batch = task.batch(kBatch, tasks::Split::training, data);
    loop.step(loss_of(learner.model, learner.reinforce, way, batch));
  }
}

Tested tested(Learner& learner, Look look, const tasks::Batch& batch) {
  const NoGrad off;
  learner.eval();
  const Looked looked = learner.model(batch.features, look, 1);
  learner.train();
  const Index steps = batch.features.dim(1), mark = batch.features.dim(2) - 1;
  const Ids said = argmax(looked.logits.value());
  double right = 0, weight = 0;
  for (Index b = 0; b < batch.size(); ++b) {
    right += said.values[b] == batch.targets.values[(b + 1) * steps - 1];
    for (Index t = 0; t < steps; ++t)
      weight += batch.features.at({b, t, mark}) * looked.weights.value().at({b, 0, 0, t});
  }
  return {right / double(batch.size()), weight / double(batch.size())};
}

Noise noise_of(const Model& model, const Way& way, const tasks::Task& task,
               const tasks::Batch& batch, Index draws, std::uint64_t seed) {
  const std::vector<Variable> parameters = model.parameters_of_scores();
  const std::vector<Variable> exact = grad(model.exact_loss(batch), parameters, Scalar(1));
  Rng rng(seed);
  nn::Reinforce reinforce({.baseline = way.baseline, .features = kDim}, rng);
  training::Loop settle(reinforce, {.steps = draws, .learning_rate = 0.05});
  while (!settle.finished())
    settle.step(loss_of(model, reinforce, way, task.batch(kBatch, tasks::Split::training, rng)));
  reinforce.eval();
  const nn::GradientEstimate estimate = nn::estimate_gradient(
      [&] { return loss_of(model, reinforce, way, batch); }, parameters, draws);
  std::vector<Variable> off;
  for (std::size_t i = 0; i < exact.size(); ++i) off.push_back(estimate.mean[i] - exact[i]);
  return {estimate.total_variance, length(off) / length(exact),
          std::sqrt(estimate.total_variance / double(draws)) / length(exact)};
}

}  // namespace rapt::looking
