#pragma once
#include <memory>
#include <vector>

#include "examples/models/model.h"
#include "examples/tasks/task.h"
#include "examples/training/loop.h"

namespace rapt::training {

struct TrainOptions {
  Index steps = 1000, batch = 32;
  double learning_rate = 1e-3;  // the peak, see Loop
  double clip = 1;
  std::uint64_t seed = 1;  // of the batches: equal seeds, equal batches for every model
};

struct Step {
  Index number;  // 1 .. steps
  double loss, accuracy;
};

struct Score {
  double loss = 0, accuracy = 0;
};

// A model learns a task one step at a time, so that a run can be watched, raced against another,
// and stopped.
class Trainer {
 public:
  // The task must outlive the trainer.
  Trainer(std::unique_ptr<models::SequenceModel> model, const tasks::Task& task,
          const TrainOptions& options);

  Step step();  // one more; DivergedError if it leads nowhere
  bool finished() const { return loop_.finished(); }

  models::SequenceModel& model() { return *model_; }
  std::shared_ptr<models::SequenceModel> shared_model() const { return model_; }
  Index done() const { return loop_.done(); }
  const std::vector<Step>& curve() const { return curve_; }  // every step so far
  double seconds() const { return seconds_; }                // spent in them

 private:
  std::shared_ptr<models::SequenceModel> model_;
  const tasks::Task& task_;
  Index batch_;
  Loop loop_;
  Rng batches_;
  std::vector<Step> curve_;
  double seconds_ = 0;
};

// Mean over `batches` batches of a split, or of a probe; no graph is built. The model is left in
// eval().
Score evaluate(models::SequenceModel& model, const tasks::Task& task, tasks::Split split,
               Index batches, Index batch_size);
Score evaluate_probe(models::SequenceModel& model, const tasks::Task& task, std::size_t probe,
                     Index batches, Index batch_size);

}  // namespace rapt::training
