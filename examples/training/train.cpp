#include "examples/training/train.h"

#include <chrono>
#include <cmath>

#include "autograd/graph.h"
#include "autograd/ops.h"
#include "nn/loss.h"
#include "optim/schedule.h"
#include "tensor/reduce.h"

namespace rapt::training {
namespace {

[[noreturn]] void report_divergence(Index step, const Variable& loss,
                                    const std::vector<NamedVariable>& parameters) {
  if (const auto culprit = first_nonfinite(loss, parameters))
    throw DivergedError(message("step ", step, ": the loss is ", loss.item(),
                                "; the first number that is not finite came from ", *culprit,
                                "; a smaller learning rate may help"));
  for (const auto& [name, p] : parameters)
    if (p.has_grad() && !std::isfinite(sum(p.grad()).item()))
      throw DivergedError(message("step ", step, ": the gradient of parameter '", name, "' ",
                                  p.shape(), " is not finite; a smaller learning rate may help"));
  throw DivergedError(message("step ", step, ": the gradient is not finite"));
}

// Seeds of the batches of each split lie apart, so that no split repeats another's sequences.
Rng stream(std::uint64_t seed, tasks::Split split) {
  return Rng(seed * 4 + static_cast<std::uint64_t>(split));
}

}  // namespace

Trainer::Trainer(std::unique_ptr<models::SequenceModel> model, const tasks::Task& task,
                 const TrainOptions& options)
    : model_(std::move(model)),
      task_(task),
      options_(options),
      parameters_(model_->named_parameters()),
      adam_(model_->parameters(), {.learning_rate = options.learning_rate, .beta2 = 0.98}),
      batches_(stream(options.seed, tasks::Split::training)) {}

double Trainer::scheduled_rate(Index step) const {
  const Index warmup = options_.steps / 20;
  return options_.learning_rate * optim::linear_warmup(step, warmup) *
         optim::cosine(step, options_.steps, warmup);
}

Step Trainer::step() {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const Index number = done() + 1;
  model_->train();
  const tasks::Batch batch = task_.batch(options_.batch, tasks::Split::training, batches_);
  const Variable logits = (*model_)(batch.inputs).logits;
  const Variable loss = nn::cross_entropy(logits, batch.targets);
  adam_.zero_grad();
  backward(loss);
  const double norm = optim::clip_by_global_norm(model_->parameters(), options_.clip);
  if (!std::isfinite(loss.item()) || !std::isfinite(norm))
    report_divergence(number, loss, parameters_);
  adam_.set_learning_rate(scheduled_rate(number - 1));
  adam_.step();
  curve_.push_back({number, loss.item(), accuracy(task_, logits.value(), batch.targets)});
  seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  return curve_.back();
}

Score evaluate(models::SequenceModel& model, const tasks::Task& task, tasks::Split split,
               Index batches, Index batch_size) {
  const NoGrad off;
  model.eval();
  Rng rng = stream(0, split);
  Score score;
  for (Index i = 0; i < batches; ++i) {
    const tasks::Batch batch = task.batch(batch_size, split, rng);
    const Variable logits = model(batch.inputs).logits;
    score.loss += nn::cross_entropy(logits, batch.targets).item() / static_cast<double>(batches);
    score.accuracy += accuracy(task, logits.value(), batch.targets) / static_cast<double>(batches);
  }
  return score;
}

double accuracy(const tasks::Task& task, const Tensor& logits, const Ids& targets) {
  const Ids answers = argmax(logits);
  Index asked = 0, right = 0;
  for (std::size_t i = 0; i < targets.values.size(); ++i) {
    if (!task.is_asked(targets.values[i])) continue;
    ++asked;
    right += answers.values[i] == targets.values[i] ? 1 : 0;
  }
  return asked == 0 ? 0 : static_cast<double>(right) / static_cast<double>(asked);
}

}  // namespace rapt::training
