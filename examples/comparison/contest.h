#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "examples/training/train.h"

namespace rapt::comparison {

// The rules under which models meet. What is fair about it: every model sees the same batches in
// the same order, takes the same number of steps, has close to the same number of parameters,
// and finds its learning rate in the same way: all rates of the grid start, after `first_cut` of
// the steps the better half goes on, after `second_cut` the best one.
struct Rules {
  std::vector<double> learning_rates = {1e-3, 3e-3, 1e-2, 3e-2};  // a single one needs no race
  double first_cut = 0.15, second_cut = 0.4;
  Index steps = 0;        // 0: the task's own
  double step_share = 1;  // of the task's own steps, for a quick run
  Index validation_batches = 4, test_batches = 16, probe_batches = 8;
  std::uint64_t seed = 1;
  std::string positions = "sinusoidal";  // of attention
};

// Where a learning rate stood when it was last compared with others.
struct Heat {
  double learning_rate;
  Index steps;
  double validation_loss;  // infinite if it diverged
};

// One model on one task.
struct Result {
  std::string model;
  Index parameters = 0;
  std::vector<Heat> heats;
  double learning_rate = 0;           // of the one that went on
  std::vector<training::Step> curve;  // its every step
  double seconds = 0;                 // spent in them
  double train_loss = 0;              // mean over the last tenth of them
  training::Score held_out;           // on the test split
  std::vector<double> probed = {};    // accuracy at each probe of the task
  bool stopped = false;               // before the last step
  std::shared_ptr<models::SequenceModel> trained = nullptr;
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
  std::vector<tasks::Baseline> baselines;
  std::vector<std::string> probes;
  std::vector<Result> results;
  std::optional<AttentionMap> map;  // of the last model with attention
  std::string failure;              // which model diverged, where and why; empty if none
};

// A stretch of training, as it is announced: the steps after `begin` up to `end`.
struct Leg {
  std::string label;
  Index begin, end;
  bool race;  // one of several rates, not yet the chosen one
};

// Hears of every leg before it starts and of every step; returning false ends the contest after it.
struct Watch {
  std::function<void(const Leg& leg)> begin;
  std::function<bool(const Leg& leg, const training::Step& step)> step;
};

// Builds the models of a contest once. Throws report::UsageError where one cannot do the task.
void expect_suitable(const std::string& task_name, const tasks::Task& task,
                     const std::vector<std::string>& models, const Rules& rules);

// Lets each model train on the task. A contest that is stopped, or in which a model diverges at
// its last rate, returns what it has.
TaskResult hold(const std::string& task_name, const tasks::Task& task,
                const std::vector<std::string>& models, const Rules& rules, const Watch& watch);

}  // namespace rapt::comparison
