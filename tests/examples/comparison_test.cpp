// The contest and what it says of its results.
#include <gtest/gtest.h>

#include <algorithm>

#include "examples/comparison/present.h"
#include "examples/comparison/verdict.h"

namespace rapt::comparison {
namespace {

Result result(const std::string& model, double loss, double accuracy) {
  Result r;
  r.model = model;
  r.parameters = 1000;
  r.learning_rate = 0.003;
  r.run.curve = {{1, 2.5, 0.1}, {2, loss, accuracy}};
  r.run.seconds = 0.5;
  r.train_loss = loss;
  r.held_out = {loss, accuracy};
  return r;
}

TaskResult outcome(std::vector<Result> results) {
  return {"copy", true, {"no memory", 0.1733, 0.125}, std::move(results), std::nullopt};
}

TEST(Verdict, SaysWhoSolvedAndWhoStayedAtTheBaseline) {
  EXPECT_EQ(verdict(outcome({result("rnn", 0.1731, 0.126), result("attention", 0.0004, 1)})),
            "attention is ahead: attention solves it (100.0 %, loss 0.0004); rnn stays on the line "
            "of no memory (12.6 %, loss 0.1731)");
}

TEST(Verdict, CallsSmallDifferencesLevel) {
  EXPECT_EQ(verdict(outcome({result("attention", 0.101, 0.500), result("rnn", 0.100, 0.495)})),
            "level: rnn reaches 49.5 %, loss 0.1000; attention reaches 50.0 %, loss 0.1010");
}

TEST(Verdict, MentionsAStop) {
  Result stopped = result("rnn", 0.1, 0.4);
  stopped.run.stopped = true;
  EXPECT_EQ(verdict(outcome({stopped})), "rnn reaches 40.0 %, loss 0.1000; rnn was stopped early");
  EXPECT_EQ(verdict(outcome({})), "stopped before any model had finished");
}

TEST(Table, ShowsModelsAndBaseline) {
  const std::string text = table({outcome({result("attention", 0.0004, 1)})});
  EXPECT_NE(text.find("copy  attention          1000  0.003      2      0.5   250.00"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("(no memory)"), std::string::npos) << text;
}

TEST(Csv, HasOneLinePerStep) {
  EXPECT_EQ(csv({outcome({result("rnn", 0.25, 0.5)})}),
            "task,model,step,loss,accuracy\ncopy,rnn,1,2.5,0.1\ncopy,rnn,2,0.25,0.5\n");
}

TEST(Contest, GivesEveryModelTheSameStepsAndATrialPerRate) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Rules rules;
  rules.steps = 20;
  rules.learning_rates = {1e-3, 1e-2};
  rules.validation_batches = rules.test_batches = 1;
  std::vector<std::string> labels;
  const TaskResult held = hold("reverse", *task, {"attention", "rnn"}, rules,
                               [&](const std::string& label, Index, const training::Step&) {
                                 if (labels.empty() || labels.back() != label)
                                   labels.push_back(label);
                                 return true;
                               });
  ASSERT_EQ(held.results.size(), 2u);
  for (const Result& r : held.results) {
    EXPECT_EQ(r.run.curve.size(), 20u) << r.model;
    ASSERT_EQ(r.trials.size(), 2u) << r.model;
    const auto best = std::min_element(
        r.trials.begin(), r.trials.end(),
        [](const Trial& a, const Trial& b) { return a.validation_loss < b.validation_loss; });
    EXPECT_EQ(r.learning_rate, best->learning_rate) << r.model;
  }
  EXPECT_EQ(labels,
            (std::vector<std::string>{"reverse / attention (trial, rate 0.001)",
                                      "reverse / attention (trial, rate 0.01)",
                                      "reverse / attention", "reverse / rnn (trial, rate 0.001)",
                                      "reverse / rnn (trial, rate 0.01)", "reverse / rnn"}));
  ASSERT_TRUE(held.map.has_value());
  EXPECT_EQ(held.map->weights.size(), 16u);
  for (std::size_t q = 0; q < 4; ++q) {
    double row = 0;
    for (std::size_t k = 0; k < 4; ++k) row += held.map->weights[q * 4 + k];
    EXPECT_NEAR(row, 1, 1e-5) << "query " << q;
  }
}

TEST(Contest, ReturnsWhatItHasWhenStopped) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Rules rules;
  rules.steps = 20;
  rules.learning_rates = {1e-3};
  rules.test_batches = 1;
  const TaskResult held = hold("reverse", *task, {"attention", "rnn"}, rules,
                               [](const std::string& label, Index, const training::Step& step) {
                                 return label != "reverse / rnn" || step.number < 5;
                               });
  ASSERT_EQ(held.results.size(), 2u);
  EXPECT_FALSE(held.results[0].run.stopped);
  EXPECT_TRUE(held.results[1].run.stopped);
  EXPECT_EQ(held.results[1].run.curve.size(), 5u);
}

TEST(Json, HoldsTheSameAsTheTable) {
  const std::string text = json({outcome({result("rnn", 0.25, 0.5)})}, {});
  for (const char* part : {"\"task\": \"copy\"", "\"held_out_loss\": 0.25", "\"ms_per_step\": 250",
                           "\"attention_map\": null", "\"name\": \"no memory\""})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

}  // namespace
}  // namespace rapt::comparison
