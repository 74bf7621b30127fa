#pragma once
#include <memory>
#include <stdexcept>
#include <vector>

#include "examples/models/model.h"
#include "examples/tasks/task.h"
#include "optim/adam.h"

namespace rapt::training {

struct TrainOptions {
  Index steps = 1000, batch = 32;
  double learning_rate = 1e-3;  // the peak: warmed up over the first 5 %, then along a cosine
  double clip = 1;              // largest common length of all gradients
  std::uint64_t seed = 1;       // of the batches: equal seeds, equal batches for every model
};

struct Step {
  Index number;  // 1 .. steps
  double loss, accuracy;
};

struct Score {
  double loss = 0, accuracy = 0;
};

// The loss or a gradient stopped being a number; says at which step and which operation was first.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Adam on the cross entropy, one step at a time, so that a run can be watched, raced against
// another, and stopped.
class Trainer {
 public:
  // The task must outlive the trainer.
  Trainer(std::unique_ptr<models::SequenceModel> model, const tasks::Task& task,
          const TrainOptions& options);

  Step step();  // one more; DivergedError if it leads nowhere
  bool finished() const { return done() >= options_.steps; }

  models::SequenceModel& model() { return *model_; }
  Index done() const { return static_cast<Index>(curve_.size()); }
  const std::vector<Step>& curve() const { return curve_; }  // every step so far
  double seconds() const { return seconds_; }                // spent in them

 private:
  double scheduled_rate(Index step) const;

  std::unique_ptr<models::SequenceModel> model_;
  const tasks::Task& task_;
  TrainOptions options_;
  std::vector<NamedVariable> parameters_;
  optim::Adam adam_;
  Rng batches_;
  std::vector<Step> curve_;
  double seconds_ = 0;
};

// Mean over `batches` batches of a split; no graph is built. The model is left in eval().
Score evaluate(models::SequenceModel& model, const tasks::Task& task, tasks::Split split,
               Index batches, Index batch_size);

// The share of asked positions whose largest logit is the target.
double accuracy(const tasks::Task& task, const Tensor& logits, const Ids& targets);

}  // namespace rapt::training
