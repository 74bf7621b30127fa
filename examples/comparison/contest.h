#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "examples/training/train.h"

namespace rapt::comparison {

// The rules under which models meet. What is fair about it: every model sees the same batches in
// the same order, takes the same number of steps, has the same number of parameters (within 10 %)
// and chooses its learning rate from the same grid by the same short trials.
struct Rules {
  std::vector<double> learning_rates = {1e-3, 3e-3, 1e-2, 3e-2};
  double trial_share = 0.15;  // of the steps, for each learning rate
  Index steps = 0;            // 0: the task's own
  double step_share = 1;      // of the task's own steps, for a quick run
  Index validation_batches = 4, test_batches = 16;
  std::uint64_t seed = 1;
  std::string positions = "sinusoidal";  // of attention
};

struct Trial {
  double learning_rate, validation_loss;
};

// One model on one task.
struct Result {
  std::string model;
  Index parameters = 0;
  std::vector<Trial> trials;
  double learning_rate = 0;
  training::Trained run;
  double train_loss = 0;     // mean over the last tenth of the steps
  training::Score held_out;  // on the test split
};

// Who looked where in one test sequence.
struct AttentionMap {
  std::string title;
  std::vector<std::string> queries, answers;  // the token at each position, and what was answered
  std::vector<std::string> keys;
  std::vector<double> weights;  // [queries, keys]
};

struct TaskResult {
  std::string task;
  bool causal = false;
  tasks::Baseline baseline;
  std::vector<Result> results;
  std::optional<AttentionMap> map;  // of the attention model, if it ran
};

// Hears of every step; returning false ends the contest after it. `label` names what runs.
using Watch = std::function<bool(const std::string& label, Index steps, const training::Step&)>;

// Lets each model train on the task. A stopped contest returns what it has.
TaskResult hold(const std::string& task_name, const tasks::Task& task,
                const std::vector<std::string>& models, const Rules& rules, const Watch& watch);

}  // namespace rapt::comparison
