#pragma once
#include <functional>
#include <stdexcept>
#include <vector>

#include "examples/models/model.h"
#include "examples/tasks/task.h"

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

struct Trained {
  std::vector<Step> curve;  // every step
  double seconds = 0;
  bool stopped = false;  // the observer asked for it
};

// The loss or a gradient stopped being a number; says at which step and which operation was first.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Adam on the cross entropy. Calls observer(step) after each; false ends the run.
Trained train(models::SequenceModel& model, const tasks::Task& task, const TrainOptions& options,
              const std::function<bool(const Step&)>& observer);

// Mean over `batches` batches of a split; no graph is built. The model is left in eval().
Score evaluate(models::SequenceModel& model, const tasks::Task& task, tasks::Split split,
               Index batches, Index batch_size);

// The share of asked positions whose largest logit is the target.
double accuracy(const tasks::Task& task, const Tensor& logits, const Ids& targets);

}  // namespace rapt::training
