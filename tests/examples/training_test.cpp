// Models learn what they should, to the same bits, and say where they broke.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/ops.h"
#include "examples/training/train.h"
#include "tensor/parallel.h"

namespace rapt::training {
namespace {

models::ModelSpec spec_of(const tasks::Task& task, const std::string& positions = "sinusoidal") {
  return {task.vocabulary(), task.classes(),          task.length(),
          task.causal(),     task.defaults().encoder, positions};
}

std::unique_ptr<models::SequenceModel> built(const std::string& name, const tasks::Task& task,
                                             const std::string& positions = "sinusoidal") {
  Rng any(1), rng(1);
  const Index parameters =
      models::find_model("attention").make(spec_of(task), 0, any)->parameter_count();
  return models::find_model(name).make(spec_of(task, positions), parameters, rng);
}

Trained run(models::SequenceModel& model, const tasks::Task& task, Index steps, double rate) {
  return train(model, task, {.steps = steps, .batch = task.defaults().batch, .learning_rate = rate},
               [](const Step&) { return true; });
}

std::vector<double> losses(const std::string& model, const std::string& task_name, Index steps) {
  const auto task = tasks::find_task(task_name).make({});
  const auto built_model = built(model, *task);
  std::vector<double> all;
  for (const Step& step : run(*built_model, *task, steps, 3e-3).curve) all.push_back(step.loss);
  return all;
}

TEST(Models, AreMatchedInParameters) {
  for (const char* name : {"reverse", "copy"}) {
    const auto task = tasks::find_task(name).make({});
    const auto attention = static_cast<double>(built("attention", *task)->parameter_count());
    const auto rnn = static_cast<double>(built("rnn", *task)->parameter_count());
    EXPECT_NEAR(rnn / attention, 1, 0.1) << name << ": " << rnn << " against " << attention;
  }
}

TEST(Models, CausalOnesDoNotSeeTheFuture) {
  const auto task = tasks::find_task("copy").make({.length = 6});
  for (const char* name : {"attention", "rnn"}) {
    const auto model = built(name, *task);
    Rng rng(3);
    Ids ids = task->batch(2, tasks::Split::test, rng).inputs;
    const Tensor before = (*model)(ids).logits.value();
    const Index changed = 9, length = task->length();
    ids.values[changed] = (ids.values[changed] + 1) % 10;
    const Tensor after = (*model)(ids).logits.value();
    EXPECT_EQ(before.slice(1, 0, changed).values(), after.slice(1, 0, changed).values()) << name;
    EXPECT_NE(before.slice(1, changed, length).values(), after.slice(1, changed, length).values())
        << name;
  }
}

TEST(Training, HasTheSameBitsInEveryRunAndForAnyNumberOfThreads) {
  const int threads = thread_count();
  for (const char* model : {"attention", "rnn"})
    for (const char* task : {"reverse", "copy"}) {
      set_thread_count(1);
      const std::vector<double> one = losses(model, task, 12);
      EXPECT_EQ(losses(model, task, 12), one) << model << " on " << task << ", a second run";
      for (const int count : {2, 3, 8}) {
        set_thread_count(count);
        EXPECT_EQ(losses(model, task, 12), one) << model << " on " << task << ", " << count;
      }
    }
  set_thread_count(threads);
}

TEST(Training, AttentionReversesOnlyIfItKnowsPositions) {
  const auto task = tasks::find_task("reverse").make({});
  const auto model = built("attention", *task);
  run(*model, *task, 300, 1e-2);
  EXPECT_EQ(evaluate(*model, *task, tasks::Split::test, 4, 64).accuracy, 1);

  const auto blind = built("attention", *task, "none");
  run(*blind, *task, 300, 1e-2);
  const double accuracy = evaluate(*blind, *task, tasks::Split::test, 4, 64).accuracy;
  EXPECT_GT(accuracy, 0.15) << "it can still count digits";
  EXPECT_LT(accuracy, 0.30);
}

TEST(Training, TheTanhRnnForgetsWhatAttentionCopies) {
  const auto task = tasks::find_task("copy").make({});
  const auto rnn = built("rnn", *task);
  run(*rnn, *task, 400, 3e-3);
  const Score forgetful = evaluate(*rnn, *task, tasks::Split::test, 16, 32);
  EXPECT_NEAR(forgetful.loss, task->baseline().loss, 1e-3);
  EXPECT_NEAR(forgetful.accuracy, 0.125, 0.03);
}

TEST(Training, ReportsStepAndOperationWhereALossStopsBeingANumber) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  const auto model = built("attention", *task);
  for (const NamedVariable& p : model->named_parameters())
    if (p.name == "encoder.layers.0.linear1.weight")
      Variable(p.variable).mutable_value().data()[3] = std::numeric_limits<Scalar>::infinity();
  try {
    run(*model, *task, 5, 1e-3);
    FAIL() << "expected a DivergedError";
  } catch (const DivergedError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("step 1: the loss is nan; the first number that is not finite came from "
                        "parameter 'encoder.layers.0.linear1.weight' [64, 32]"),
              std::string::npos)
        << error.what();
  }
}

TEST(Training, StopsWhenTheObserverSaysSo) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  const auto model = built("rnn", *task);
  const Trained stopped = train(*model, *task, {.steps = 50, .batch = 4},
                                [](const Step& step) { return step.number < 7; });
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.curve.size(), 7u);
}

TEST(Accuracy, CountsAskedPositionsOnly) {
  const auto task = tasks::find_task("copy").make({.length = 5});
  // Three positions: one blank answered wrongly (not asked), one right, one wrong.
  Tensor logits({3, 9});
  logits.data()[0 * 9 + 4] = 1;
  logits.data()[1 * 9 + 2] = 1;
  logits.data()[2 * 9 + 2] = 1;
  EXPECT_EQ(accuracy(*task, logits, {{3}, {0, 2, 5}}), 0.5);
}

}  // namespace
}  // namespace rapt::training
