// Every model meets every task: it answers in the right shape, learns with all of its parameters,
// and does not look where the task forbids, or says in one line why it cannot do the task.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "autograd/ops.h"
#include "examples/models/model.h"
#include "examples/report/program.h"
#include "examples/tasks/task.h"
#include "tensor/reduce.h"
#include "tests/examples/own_folder.h"

namespace rapt::models {
namespace {

// Tasks that need a file get one.
tasks::TaskOptions options_for(const tasks::TaskEntry& entry) {
  if (entry.name != "pairs") return {};
  std::string pairs;
  for (int i = 0; i < 120; ++i) pairs += message(i, "\t", i * i, "\n");
  return {.data = tasks::written("pairs.tsv", pairs)};
}

struct Meeting {
  std::string name;
  std::unique_ptr<tasks::Task> task;
  std::unique_ptr<SequenceModel> model;
};

// All that suit each other, with small models.
std::vector<Meeting> meetings() {
  std::vector<Meeting> all;
  for (const tasks::TaskEntry& task : tasks::all_tasks())
    for (const ModelEntry& model : all_models()) {
      Meeting meeting{model.name + " on " + task.name, task.make(options_for(task)), nullptr};
      const ModelSpec spec =
          spec_of(meeting.task->sizes(), {.dim = 8, .heads = 2, .feed_forward = 8, .layers = 1},
                  nn::PositionKind::sinusoidal);
      Rng rng(1);
      try {
        meeting.model = model.make(spec, 0, rng);
      } catch (const report::UsageError& error) {
        EXPECT_EQ(std::string(error.what()).rfind("--model: expected", 0), 0u) << error.what();
        continue;
      }
      all.push_back(std::move(meeting));
    }
  return all;
}

TEST(Meetings, AnswersHaveTheShapeOfTheQuestion) {
  std::size_t count = 0;
  for (const Meeting& m : meetings()) {
    ++count;
    Rng rng(2);
    const NoGrad off;
    m.model->eval();
    const tasks::Batch batch = m.task->batch(3, tasks::Split::test, rng);
    const Output output = (*m.model)(batch);
    Shape expected = batch.targets.shape;
    expected.push_back(m.task->sizes().classes);
    EXPECT_EQ(output.logits.shape(), expected) << m.name;
    EXPECT_TRUE(std::isfinite(m.task->loss(output.logits, batch).item())) << m.name;
    const double accuracy = m.task->accuracy(output.logits.value(), batch);
    EXPECT_TRUE(accuracy >= 0 && accuracy <= 1) << m.name << ": " << accuracy;
    for (const Variable& weights : output.weights) {
      EXPECT_EQ(weights.rank(), 4) << m.name;
      EXPECT_EQ(weights.dim(2), batch.targets.shape[1]) << m.name;
    }
  }
  EXPECT_GT(count, 200u) << "most models can do most tasks";
}

TEST(Meetings, EveryParameterLearns) {
  for (const Meeting& m : meetings()) {
    Rng rng(3);
    const tasks::Batch batch = m.task->batch(8, tasks::Split::training, rng);
    backward(m.task->loss((*m.model)(batch).logits, batch));
    for (const NamedVariable& p : m.model->named_parameters()) {
      ASSERT_TRUE(p.variable.has_grad()) << m.name << ": " << p.name;
      for (const Scalar g : p.variable.grad().values())
        ASSERT_TRUE(std::isfinite(g)) << m.name << ": " << p.name;
    }
  }
}

// Where the answer is a sequence of its own, no logit may know the symbol that is asked for, or one
// after it; in causal tasks no position may know what follows it.
TEST(Meetings, NobodySeesTheAnswer) {
  const NoGrad off;
  for (const Meeting& m : meetings()) {
    const tasks::Sizes sizes = m.task->sizes();
    if (!sizes.causal && !sizes.translates()) continue;
    m.model->eval();
    Rng rng(4);
    tasks::Batch batch = m.task->batch(2, tasks::Split::test, rng);
    const Index steps = batch.targets.shape[1], changed = steps / 2;
    const Tensor before = (*m.model)(batch).logits.value();
    for (Index b = 0; b < 2; ++b)
      for (Index t = changed; t < steps; ++t) {
        const std::size_t at = static_cast<std::size_t>(b * steps + t);
        if (sizes.translates()) {
          std::int32_t& target = batch.targets.values[at];
          if (target != nn::kIgnored)
            target = static_cast<std::int32_t>((target + 1) % sizes.classes);
        } else if (t > changed && sizes.features == 0) {
          std::int32_t& input = batch.inputs.values[at];
          input = static_cast<std::int32_t>((input + 1) % sizes.vocabulary);
        } else if (t > changed) {
          for (Index f = 0; f < sizes.features; ++f)
            batch.features.data()[static_cast<Index>(at) * sizes.features + f] += 1;
        }
      }
    const Tensor after = (*m.model)(batch).logits.value();
    EXPECT_EQ(before.slice(1, 0, changed + 1).values(), after.slice(1, 0, changed + 1).values())
        << m.name;
  }
}

// A table that is written by hand tells the truth only if somebody looks.
TEST(Readme, NamesEveryTaskModelAndProgram) {
  std::ifstream file(RAPT_SOURCE_DIR "/README.md");
  const std::string readme((std::istreambuf_iterator<char>(file)), {});
  std::vector<std::string> names;
  for (const tasks::TaskEntry& entry : tasks::all_tasks()) names.push_back(entry.name);
  for (const ModelEntry& entry : all_models()) names.push_back(entry.name);
  for (const auto& program : std::filesystem::directory_iterator(RAPT_SOURCE_DIR "/examples"))
    if (program.path().extension() == ".cpp") names.push_back(program.path().stem().string());
  for (const std::string& name : names)
    EXPECT_NE(readme.find("`" + name + "`"), std::string::npos) << name;
}

}  // namespace
}  // namespace rapt::models
