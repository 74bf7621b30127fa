#include "examples/training/train.h"

#include <chrono>
#include <functional>

#include "examples/tasks/split.h"

namespace rapt::training {
namespace {

Score mean_score(models::SequenceModel& model, const tasks::Task& task, Index batches,
                 const std::function<tasks::Batch()>& next) {
  const NoGrad off;
  model.eval();
  Score score;
  for (Index i = 0; i < batches; ++i) {
    const tasks::Batch batch = next();
    const Variable outputs = model(batch).logits;
    score.loss += task.loss(outputs, batch).item() / static_cast<double>(batches);
    score.accuracy += task.accuracy(outputs.value(), batch) / static_cast<double>(batches);
  }
  return score;
}

}  // namespace

Trainer::Trainer(std::unique_ptr<models::SequenceModel> model, const tasks::Task& task,
                 const TrainOptions& options)
    : model_(std::move(model)),
      task_(task),
      batch_(options.batch),
      loop_(*model_, {options.steps, options.learning_rate, options.clip}),
      batches_(tasks::stream(options.seed, tasks::Split::training)) {}

Step Trainer::step() {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  model_->train();
  const tasks::Batch batch = task_.batch(batch_, tasks::Split::training, batches_);
  const Variable outputs = (*model_)(batch).logits;
  const double loss = loop_.step(task_.loss(outputs, batch));
  curve_.push_back({done(), loss, task_.accuracy(outputs.value(), batch)});
  seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  return curve_.back();
}

Score evaluate(models::SequenceModel& model, const tasks::Task& task, tasks::Split split,
               Index batches, Index batch_size) {
  Rng rng = tasks::stream(0, split);
  return mean_score(model, task, batches, [&] { return task.batch(batch_size, split, rng); });
}

Score evaluate_probe(models::SequenceModel& model, const tasks::Task& task, std::size_t probe,
                     Index batches, Index batch_size) {
  Rng rng = tasks::stream(probe + 1, tasks::Split::test);
  return mean_score(model, task, batches, [&] { return task.probe(probe, batch_size, rng); });
}

}  // namespace rapt::training
