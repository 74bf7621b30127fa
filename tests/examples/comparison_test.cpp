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
  r.curve = {{1, 2.5, 0.1}, {2, loss, accuracy}};
  r.seconds = 0.5;
  r.train_loss = loss;
  r.held_out = {loss, accuracy};
  return r;
}

TaskResult outcome(std::vector<Result> results) {
  return {"copy", true, {{"no memory", 0.1733, 0.125}}, {}, std::move(results), std::nullopt, ""};
}

Watch watching(const std::function<bool(const Leg&, const training::Step&)>& step) {
  return {[](const Leg&) {}, step};
}

const Watch kUnwatched = watching([](const Leg&, const training::Step&) { return true; });

TEST(Verdict, SaysWhoSolvedAndWhoStayedAtTheBaseline) {
  EXPECT_EQ(verdict(outcome({result("rnn", 0.1731, 0.126), result("attention", 0.0004, 1)})),
            "attention solves it (100.0 %); rnn stays at no memory (loss 0.1731)");
  EXPECT_EQ(verdict(outcome({result("rnn", 0.1, 0.4), result("attention", 0.12, 0.3)})),
            "rnn leads with 40.0 % (loss 0.1000); attention reaches 30.0 % (loss 0.1200)");
}

TEST(Verdict, CallsSmallDifferencesLevel) {
  EXPECT_EQ(verdict(outcome({result("attention", 0.101, 0.500), result("rnn", 0.100, 0.495)})),
            "level: rnn reaches 49.5 % (loss 0.1000); attention reaches 50.0 % (loss 0.1010)");
}

TEST(Verdict, NamesNoWinnerAfterAStop) {
  Result stopped = result("rnn", 0.1, 0.4);
  stopped.stopped = true;
  EXPECT_EQ(verdict(outcome({stopped, result("attention", 0.3, 0.2)})),
            "stopped early, no verdict: rnn had 40.0 % after 2 steps (loss 0.1000); "
            "attention reaches 20.0 % (loss 0.3000)");
  EXPECT_EQ(verdict(outcome({})), "stopped before any model had finished");
}

TEST(Table, ShowsModelsAndBaseline) {
  const std::string text = table({outcome({result("attention", 0.0004, 1)})});
  EXPECT_NE(text.find("copy  attention      1000      2  0.5   250.00"), std::string::npos) << text;
  EXPECT_NE(text.find("(no memory)"), std::string::npos) << text;
}

TEST(Csv, HasOneLinePerStep) {
  EXPECT_EQ(csv({outcome({result("rnn", 0.25, 0.5)})}),
            "task,model,step,loss,accuracy\ncopy,rnn,1,2.5,0.1\ncopy,rnn,2,0.25,0.5\n");
}

TEST(Contest, RacesTheRatesAndGivesEveryModelTheSameSteps) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Rules rules;
  rules.steps = 20;
  rules.learning_rates = {1e-5, 1e-3, 1e-2};
  rules.validation_batches = rules.test_batches = 1;
  std::vector<std::string> legs;
  const TaskResult held =
      hold("reverse", *task, {"attention", "rnn"}, rules,
           watching([&](const Leg& leg, const training::Step& step) {
             EXPECT_GT(step.number, leg.begin);
             EXPECT_LE(step.number, leg.end);
             if (step.number == leg.end)
               legs.push_back(leg.label + " " + std::to_string(leg.begin) + ".." +
                              std::to_string(leg.end) + (leg.race ? " race" : ""));
             return true;
           }));
  // Three rates to 15 % of the steps, the better two to 40 %, the best to the end.
  ASSERT_EQ(legs.size(), 12u);
  EXPECT_EQ(legs[0], "reverse / attention, trying rate 1e-05 0..3 race");
  EXPECT_EQ(legs[1], "reverse / attention, trying rate 0.001 0..3 race");
  EXPECT_EQ(legs[2], "reverse / attention, trying rate 0.01 0..3 race");
  EXPECT_NE(legs[3].find(" 3..8 race"), std::string::npos) << legs[3];
  EXPECT_NE(legs[4].find(" 3..8 race"), std::string::npos) << legs[4];
  EXPECT_EQ(legs[5], "reverse / attention, rate 0.01 8..20");
  EXPECT_EQ(legs[11].substr(0, 19), "reverse / rnn, rate");

  ASSERT_EQ(held.results.size(), 2u);
  for (const Result& r : held.results) {
    EXPECT_EQ(r.curve.size(), 20u) << r.model;
    EXPECT_EQ(r.heats.size(), 5u) << r.model;
    EXPECT_FALSE(r.stopped) << r.model;
    const Heat &a = r.heats[3], &b = r.heats[4];
    EXPECT_EQ(r.learning_rate,
              a.validation_loss < b.validation_loss ? a.learning_rate : b.learning_rate);
  }
  ASSERT_TRUE(held.map.has_value());
  EXPECT_EQ(held.map->weights.size(), 16u);
  for (std::size_t q = 0; q < 4; ++q) {
    double row = 0;
    for (std::size_t k = 0; k < 4; ++k) row += held.map->weights[q * 4 + k];
    EXPECT_NEAR(row, 1, 1e-5) << "query " << q;
  }
}

TEST(Contest, ARaceDoesNotChangeTheRunOfItsWinner) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  const auto run = [&](const std::vector<double>& rates) {
    Rules rules;
    rules.steps = 20;
    rules.learning_rates = rates;
    rules.validation_batches = rules.test_batches = 1;
    return hold("reverse", *task, {"rnn"}, rules, kUnwatched).results[0];
  };
  const Result raced = run({1e-6, 1e-2}), alone = run({1e-2});
  ASSERT_EQ(raced.learning_rate, 1e-2);
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_EQ(raced.curve[i].loss, alone.curve[i].loss) << "step " << i + 1;
  EXPECT_EQ(raced.held_out.loss, alone.held_out.loss);
}

TEST(Contest, ARateThatDivergesLosesTheRace) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Rules rules;
  rules.steps = 20;
  rules.learning_rates = {1e30, 1e-3};
  rules.validation_batches = rules.test_batches = 1;
  const TaskResult held = hold("reverse", *task, {"attention"}, rules, kUnwatched);
  EXPECT_EQ(held.results[0].learning_rate, 1e-3);
  EXPECT_EQ(held.failure, "");

  rules.learning_rates = {1e30};
  const TaskResult failed = hold("reverse", *task, {"attention", "rnn"}, rules, kUnwatched);
  EXPECT_TRUE(failed.results.empty());
  EXPECT_EQ(failed.failure.rfind("reverse / attention: step ", 0), 0u) << failed.failure;
}

TEST(Contest, ReturnsWhatItHasWhenStopped) {
  const auto task = tasks::find_task("reverse").make({.length = 4});
  Rules rules;
  rules.steps = 20;
  rules.test_batches = rules.validation_batches = 1;
  int watched = 0;
  rules.learning_rates = {1e-3};
  const TaskResult held =
      hold("reverse", *task, {"attention", "rnn"}, rules,
           watching([&](const Leg&, const training::Step&) { return ++watched < 25; }));
  ASSERT_EQ(held.results.size(), 2u);
  EXPECT_FALSE(held.results[0].stopped);
  EXPECT_TRUE(held.results[1].stopped);
  EXPECT_EQ(held.results[1].curve.size(), 5u);

  watched = 0;  // in the middle of a race, the one that came furthest is what there is
  rules.learning_rates = {1e-3, 1e-2};
  const TaskResult early =
      hold("reverse", *task, {"rnn"}, rules,
           watching([&](const Leg&, const training::Step&) { return ++watched < 5; }));
  ASSERT_EQ(early.results.size(), 1u);
  EXPECT_TRUE(early.results[0].stopped);
  EXPECT_EQ(early.results[0].learning_rate, 1e-3);
  EXPECT_EQ(early.results[0].curve.size(), 3u);
}

TEST(Json, HoldsTheSameAsTheTable) {
  const std::string text = json({outcome({result("rnn", 0.25, 0.5)})}, {});
  for (const char* part : {"\"task\": \"copy\"", "\"held_out_loss\": 0.25", "\"ms_per_step\": 250",
                           "\"attention_map\": null", "\"name\": \"no memory\""})
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
}

}  // namespace
}  // namespace rapt::comparison
