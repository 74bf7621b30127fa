#pragma once
#include <string>

#include "examples/report/program.h"
#include "examples/training/train.h"
#include "tests/examples/own_folder.h"

// What tests of tasks share.
namespace rapt::tasks {

// The message of the UsageError that an action should end in.
template <class Action>
std::string usage_error_of(const Action& action) {
  try {
    action();
  } catch (const report::UsageError& error) {
    return error.what();
  }
  return "no error";
}

// The loss at the last of a few steps of a tiny model: the same on every machine.
inline double short_run(const Task& task, const std::string& model, Index steps = 30) {
  const models::ModelSpec spec =
      models::spec_of(task.sizes(), {.dim = 16, .heads = 2, .feed_forward = 32, .layers = 1},
                      nn::PositionKind::sinusoidal);
  Rng rng(1);
  training::Trainer trainer(models::find_model(model).make(spec, 0, rng), task,
                            {.steps = steps, .batch = 8, .learning_rate = 1e-2});
  while (!trainer.finished()) trainer.step();
  return trainer.curve().back().loss;
}

}  // namespace rapt::tasks
