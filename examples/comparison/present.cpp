#include "examples/comparison/present.h"

#include <algorithm>

#include "examples/comparison/verdict.h"
#include "examples/report/csv.h"
#include "examples/report/heatmap.h"
#include "examples/report/json.h"
#include "examples/report/numbers.h"
#include "examples/report/table.h"

namespace rapt::comparison {
namespace {

using report::fixed;
using report::Json;
using report::percent;
using report::shortest;

Index steps_of(const Result& r) { return static_cast<Index>(r.curve.size()); }

double milliseconds_per_step(const Result& r) {
  return 1000 * r.seconds / static_cast<double>(steps_of(r));
}

Json json_of(const Result& r) {
  Json heats = Json::array();
  for (const Heat& heat : r.heats)
    heats.add(Json::object()
                  .set("learning_rate", heat.learning_rate)
                  .set("steps", heat.steps)
                  .set("validation_loss", heat.validation_loss));
  return Json::object()
      .set("model", r.model)
      .set("parameters", r.parameters)
      .set("learning_rate", r.learning_rate)
      .set("heats", heats)
      .set("steps", steps_of(r))
      .set("seconds", r.seconds)
      .set("ms_per_step", milliseconds_per_step(r))
      .set("train_loss", r.train_loss)
      .set("held_out_loss", r.held_out.loss)
      .set("held_out_accuracy", r.held_out.accuracy)
      .set("probed", Json::numbers(r.probed))
      .set("stopped", r.stopped);
}

Json json_of(const AttentionMap& map) {
  Json rows = Json::array();
  for (std::size_t q = 0; q < map.queries.size(); ++q) {
    const auto row = map.weights.begin() + static_cast<std::ptrdiff_t>(q * map.keys.size());
    rows.add(Json::numbers(
        std::vector<double>(row, row + static_cast<std::ptrdiff_t>(map.keys.size()))));
  }
  return Json::object()
      .set("title", map.title)
      .set("queries", Json::numbers(map.queries))
      .set("answers", Json::numbers(map.answers))
      .set("keys", Json::numbers(map.keys))
      .set("weights", rows);
}

// Accuracy where a test is harder than training was.
std::string probe_table(const TaskResult& outcome) {
  std::vector<std::string> head = {outcome.task + ": accuracy at"};
  head.insert(head.end(), outcome.probes.begin(), outcome.probes.end());
  report::Table table(head);
  for (const Result& r : outcome.results) {
    std::vector<std::string> row = {r.model};
    for (const double accuracy : r.probed) row.push_back(percent(accuracy));
    table.row(row);
  }
  return table.text();
}

// How much smaller the smallest model of a task is than its largest, at most.
double difference_in_size(const std::vector<TaskResult>& outcomes) {
  double difference = 0;
  for (const TaskResult& outcome : outcomes)
    for (const Result& a : outcome.results)
      for (const Result& b : outcome.results)
        difference = std::max(
            difference, 1 - static_cast<double>(a.parameters) / static_cast<double>(b.parameters));
  return difference;
}

}  // namespace

std::string table(const std::vector<TaskResult>& outcomes, bool times) {
  const auto row = [&](std::vector<std::string> front, std::vector<std::string> timed,
                       const std::vector<std::string>& back) {
    if (!times) timed.clear();
    front.insert(front.end(), timed.begin(), timed.end());
    front.insert(front.end(), back.begin(), back.end());
    return front;
  };
  report::Table table(row({"task", "model", "params", "steps"}, {"s", "ms/step"},
                          {"train", "held-out", "accuracy"}));
  for (const TaskResult& outcome : outcomes) {
    for (const Result& r : outcome.results)
      table.row(
          row({outcome.task, r.model, std::to_string(r.parameters), std::to_string(steps_of(r))},
              {fixed(r.seconds, 1), fixed(milliseconds_per_step(r), 2)},
              {fixed(r.train_loss, 4), fixed(r.held_out.loss, 4), percent(r.held_out.accuracy)}));
    for (const tasks::Baseline& baseline : outcome.baselines)
      table.row(row({outcome.task, "(" + baseline.name + ")", "", ""}, {"", ""},
                    {"", fixed(baseline.loss, 4), percent(baseline.accuracy)}));
  }
  std::string text = table.text() + "\n";
  for (const TaskResult& outcome : outcomes)
    if (!outcome.probes.empty()) text += probe_table(outcome) + "\n";
  for (const TaskResult& outcome : outcomes) text += outcome.task + ": " + verdict(outcome) + "\n";
  return text;
}

std::string fairness(const std::vector<TaskResult>& outcomes, const Rules& rules) {
  std::string rates;
  for (const double rate : rules.learning_rates)
    rates += (rates.empty() ? "" : ", ") + shortest(rate);
  const std::string choice = rules.learning_rates.size() == 1
                                 ? "All models learn at the rate " + rates + ".\n"
                                 : "Every model starts at the\nrates " + rates + "; after " +
                                       percent(rules.first_cut, 0) +
                                       " of the steps the better half goes on, after " +
                                       percent(rules.second_cut, 0) + " the best.\n";
  return "Same batches, same steps, parameters at most " +
         percent(difference_in_size(outcomes), 0) + " apart. " + choice +
         "Recurrent networks read both ways where attention does, but for those named forward. "
         "Loss\n"
         "is the mean cross entropy in nats, or the mean squared error of numbers; train is its "
         "mean\n"
         "over the last tenth of the steps, held-out is on new sequences.\n";
}

std::string drawing(const TaskResult& outcome, const report::Terminal& terminal) {
  const AttentionMap& map = *outcome.map;
  report::Heatmap heatmap{{}, map.keys, map.weights};
  for (std::size_t i = 0; i < map.queries.size(); ++i)
    heatmap.row_labels.push_back(map.queries[i] + ">" + map.answers[i]);
  return "Attention on one held-out sequence of " + outcome.task + " (" + map.title +
         "):\nrows: token>answer given there; columns: the tokens it looked at\n" +
         draw(heatmap, terminal);
}

std::string json(const std::vector<TaskResult>& outcomes, const Rules& rules) {
  Json all = Json::array();
  for (const TaskResult& outcome : outcomes) {
    Json results = Json::array();
    for (const Result& r : outcome.results) results.add(json_of(r));
    Json baselines = Json::array();
    for (const tasks::Baseline& baseline : outcome.baselines)
      baselines.add(Json::object()
                        .set("name", baseline.name)
                        .set("loss", baseline.loss)
                        .set("accuracy", baseline.accuracy));
    all.add(Json::object()
                .set("task", outcome.task)
                .set("causal", outcome.causal)
                .set("baselines", baselines)
                .set("probes", Json::numbers(outcome.probes))
                .set("results", results)
                .set("verdict", verdict(outcome))
                .set("attention_map", outcome.map ? json_of(*outcome.map) : Json()));
  }
  return Json::object()
      .set("seed", static_cast<std::int64_t>(rules.seed))
      .set("positions", rules.positions)
      .set("learning_rates", Json::numbers(rules.learning_rates))
      .set("tasks", all)
      .text();
}

std::string csv(const std::vector<TaskResult>& outcomes) {
  report::Csv csv({"task", "model", "step", "loss", "accuracy"});
  for (const TaskResult& outcome : outcomes)
    for (const Result& r : outcome.results)
      for (const training::Step& step : r.curve)
        csv.row({outcome.task, r.model, std::to_string(step.number), shortest(step.loss),
                 shortest(step.accuracy)});
  return csv.text();
}

}  // namespace rapt::comparison
