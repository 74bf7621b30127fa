#include "examples/comparison/contest.h"

#include <algorithm>
#include <limits>

#include "examples/comparison/attention_map.h"
#include "examples/report/numbers.h"

namespace rapt::comparison {
namespace {

using models::SequenceModel;

// What the models of one task have in common.
struct Setting {
  const std::string& name;
  const tasks::Task& task;
  const Rules& rules;
  tasks::Defaults defaults;
  models::ModelSpec spec;
  Index parameters;  // of the attention model, to be matched
  Index steps;

  std::unique_ptr<SequenceModel> build(const std::string& model) const {
    Rng rng(rules.seed);
    return models::find_model(model).make(spec, parameters, rng);
  }
  training::TrainOptions options(Index step_count, double learning_rate) const {
    return {.steps = step_count,
            .batch = defaults.batch,
            .learning_rate = learning_rate,
            .seed = rules.seed};
  }
};

Setting setting_of(const std::string& name, const tasks::Task& task, const Rules& rules) {
  const tasks::Defaults defaults = task.defaults();
  const models::ModelSpec spec{task.vocabulary(), task.classes(),   task.length(),
                               task.causal(),     defaults.encoder, rules.positions};
  Rng any(rules.seed);
  const Index parameters = models::find_model("attention").make(spec, 0, any)->parameter_count();
  const auto own_steps = static_cast<Index>(static_cast<double>(defaults.steps) * rules.step_share);
  const Index steps = rules.steps > 0 ? rules.steps : std::max<Index>(1, own_steps);
  return {name, task, rules, defaults, spec, parameters, steps};
}

// Trains briefly with each learning rate of the grid. Returns false if stopped.
bool choose_learning_rate(const Setting& setting, Result& result, const Watch& watch) {
  const Rules& rules = setting.rules;
  result.learning_rate = rules.learning_rates.front();
  if (rules.learning_rates.size() == 1) return true;
  const auto steps = std::max<Index>(
      1, static_cast<Index>(static_cast<double>(setting.steps) * rules.trial_share));
  double best = std::numeric_limits<double>::infinity();
  for (const double rate : rules.learning_rates) {
    const std::unique_ptr<SequenceModel> model = setting.build(result.model);
    const std::string label =
        setting.name + " / " + result.model + " (trial, rate " + report::shortest(rate) + ")";
    double loss = std::numeric_limits<double>::infinity();  // what a rate that diverges gets
    try {
      const training::Trained run =
          train(*model, setting.task, setting.options(steps, rate),
                [&](const training::Step& step) { return watch(label, steps, step); });
      if (run.stopped) return false;
      loss = training::evaluate(*model, setting.task, tasks::Split::validation,
                                rules.validation_batches, setting.defaults.batch)
                 .loss;
    } catch (const training::DivergedError&) {
    }
    result.trials.push_back({rate, loss});
    if (loss < best) {
      best = loss;
      result.learning_rate = rate;
    }
  }
  return true;
}

double mean_of_last_tenth(const std::vector<training::Step>& curve) {
  const std::size_t count = std::max<std::size_t>(1, curve.size() / 10);
  double sum = 0;
  for (std::size_t i = curve.size() - count; i < curve.size(); ++i) sum += curve[i].loss;
  return sum / static_cast<double>(count);
}

}  // namespace

TaskResult hold(const std::string& task_name, const tasks::Task& task,
                const std::vector<std::string>& models, const Rules& rules, const Watch& watch) {
  const Setting setting = setting_of(task_name, task, rules);
  TaskResult outcome{task_name, task.causal(), task.baseline(), {}, std::nullopt};
  for (const std::string& name : models) {
    Result result;
    result.model = name;
    if (!choose_learning_rate(setting, result, watch)) return outcome;
    const std::unique_ptr<SequenceModel> model = setting.build(name);
    result.parameters = model->parameter_count();
    const std::string label = setting.name + " / " + name;
    result.run =
        train(*model, task, setting.options(setting.steps, result.learning_rate),
              [&](const training::Step& step) { return watch(label, setting.steps, step); });
    result.train_loss = mean_of_last_tenth(result.run.curve);
    result.held_out = training::evaluate(*model, task, tasks::Split::test, rules.test_batches,
                                         setting.defaults.batch);
    if (const auto map = map_of(*model, task)) outcome.map = map;
    const bool stopped = result.run.stopped;
    outcome.results.push_back(std::move(result));
    if (stopped) return outcome;
  }
  return outcome;
}

}  // namespace rapt::comparison
