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
  return models::spec_of(task.sizes(), task.defaults().encoder, nn::position_kind(positions));
}

std::unique_ptr<models::SequenceModel> built(const std::string& name, const tasks::Task& task,
                                             const std::string& positions = "sinusoidal") {
  Rng any(1), rng(1);
  const Index parameters =
      models::find_model("attention").make(spec_of(task), 0, any)->parameter_count();
  return models::find_model(name).make(spec_of(task, positions), parameters, rng);
}

std::unique_ptr<Trainer> trained(const std::string& name, const tasks::Task& task, Index steps,
                                 double rate, const std::string& positions = "sinusoidal") {
  auto trainer = std::make_unique<Trainer>(
      built(name, task, positions), task,
      TrainOptions{.steps = steps, .batch = task.defaults().batch, .learning_rate = rate});
  while (!trainer->finished()) trainer->step();
  return trainer;
}

std::vector<double> losses(const std::string& model, const std::string& task_name, Index steps) {
  const auto task = tasks::find_task(task_name).make({});
  std::vector<double> all;
  const auto trainer = trained(model, *task, steps, 3e-3);
  for (const Step& step : trainer->curve()) all.push_back(step.loss);
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
    tasks::Batch batch = task->batch(2, tasks::Split::test, rng);
    const Tensor before = (*model)(batch).logits.value();
    const Index changed = 9, length = task->sizes().length;
    batch.inputs.values[changed] = (batch.inputs.values[changed] + 1) % 10;
    const Tensor after = (*model)(batch).logits.value();
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
  const auto accuracy_with = [&](const std::string& positions) {
    const auto trainer = trained("attention", *task, 300, 1e-2, positions);
    return evaluate(trainer->model(), *task, tasks::Split::test, 4, 64).accuracy;
  };
  EXPECT_EQ(accuracy_with("sinusoidal"), 1);
  EXPECT_EQ(accuracy_with("learned"), 1);
  const double blind = accuracy_with("none");
  EXPECT_GT(blind, 0.15) << "it can still count digits";
  EXPECT_LT(blind, 0.30);
}

TEST(Training, TheTanhRnnForgetsWhatAttentionCopies) {
  const auto task = tasks::find_task("copy").make({});
  const auto rnn = trained("rnn", *task, 400, 3e-3);
  const Score forgetful = evaluate(rnn->model(), *task, tasks::Split::test, 16, 32);
  EXPECT_NEAR(forgetful.loss, task->baselines()[0].loss, 1e-3);
  EXPECT_NEAR(forgetful.accuracy, 0.125, 0.03);
}

TEST(Training, ReportsStepAndOperationWhereALossStopsBeingANumber) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Trainer trainer(built("attention", *task), *task, {});
  trainer.step();
  for (const NamedVariable& p : trainer.model().named_parameters())
    if (p.name == "encoder.layers.0.linear1.weight")
      Variable(p.variable).mutable_value().data()[3] = std::numeric_limits<Scalar>::infinity();
  try {
    trainer.step();
    FAIL() << "expected a DivergedError";
  } catch (const DivergedError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("step 2: the loss is nan; the first number that is not finite came from "
                        "parameter 'encoder.layers.0.linear1.weight' [64, 32]"),
              std::string::npos)
        << error.what();
  }
}

TEST(Accuracy, CountsAskedPositionsOnly) {
  const auto task = tasks::find_task("copy").make({.length = 5});
  // Three positions: one blank answered wrongly (not asked), one right, one wrong.
  Tensor logits({1, 3, 9});
  logits.data()[0 * 9 + 4] = 1;
  logits.data()[1 * 9 + 2] = 1;
  logits.data()[2 * 9 + 2] = 1;
  EXPECT_EQ(task->accuracy(logits, {.targets = {{1, 3}, {0, 2, 5}}}), 0.5);
}

}  // namespace
}  // namespace rapt::training
