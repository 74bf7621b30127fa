#include "examples/comparison/contest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "examples/comparison/attention_map.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"

namespace rapt::comparison {
namespace {

using models::SequenceModel;
using training::Trainer;

// What the models of one task have in common.
struct Setting {
  std::string name;
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
  training::TrainOptions options(double learning_rate) const {
    return {.steps = steps,
            .batch = defaults.batch,
            .learning_rate = learning_rate,
            .seed = rules.seed};
  }
};

Setting setting_of(const std::string& name, const tasks::Task& task, const Rules& rules) {
  const tasks::Defaults defaults = task.defaults();
  const models::ModelSpec spec =
      models::spec_of(task.sizes(), defaults.encoder, nn::position_kind(rules.positions));
  Rng any(rules.seed);
  const Index parameters = models::find_model("attention").make(spec, 0, any)->parameter_count();
  const auto own_steps = static_cast<Index>(static_cast<double>(defaults.steps) * rules.step_share);
  const Index steps = rules.steps > 0 ? rules.steps : std::max<Index>(1, own_steps);
  return {name, task, rules, defaults, spec, parameters, steps};
}

struct Runner {
  double learning_rate;
  std::unique_ptr<Trainer> trainer;
  double validation_loss = 0;
};

// Finds the learning rate of one model and trains it to the end.
class Race {
 public:
  Race(const Setting& setting, const std::string& model, const Watch& watch)
      : setting_(setting), model_(model), watch_(watch) {
    for (const double rate : setting.rules.learning_rates)
      runners_.push_back({rate, std::make_unique<Trainer>(setting.build(model), setting.task,
                                                          setting.options(rate))});
  }

  // Returns the winner, or whoever led when the watch said stop.
  Runner& run() {
    const std::size_t half = (runners_.size() + 1) / 2;
    heat(setting_.rules.first_cut, half);
    heat(setting_.rules.second_cut, 1);
    advance(runners_[0], setting_.steps, false);
    return runners_[0];
  }

  const std::vector<Heat>& heats() const { return heats_; }

 private:
  // All runners up to a share of the steps; the best `survivors` of them stay, the best one first.
  void heat(double share, std::size_t survivors) {
    if (runners_.size() <= survivors || stopped_) return;
    const auto end =
        std::max<Index>(1, static_cast<Index>(static_cast<double>(setting_.steps) * share));
    for (Runner& runner : runners_) {
      try {
        advance(runner, end, true);
        if (stopped_) break;
        runner.validation_loss =
            training::evaluate(runner.trainer->model(), setting_.task, tasks::Split::validation,
                               setting_.rules.validation_batches, setting_.defaults.batch)
                .loss;
        if (!std::isfinite(runner.validation_loss)) throw training::DivergedError("no number");
      } catch (const training::DivergedError&) {
        runner.validation_loss = std::numeric_limits<double>::infinity();
      }
      heats_.push_back({runner.learning_rate, end, runner.validation_loss});
    }
    if (stopped_) return keep_furthest();
    std::stable_sort(runners_.begin(), runners_.end(), [](const Runner& a, const Runner& b) {
      return a.validation_loss < b.validation_loss;
    });
    runners_.resize(survivors);
  }

  void advance(Runner& runner, Index end, bool race) {
    const Leg leg{setting_.name + " / " + model_ + (race ? ", trying rate " : ", rate ") +
                      report::shortest(runner.learning_rate),
                  runner.trainer->done(), end, race};
    if (!stopped_) watch_.begin(leg);
    while (runner.trainer->done() < end && !stopped_)
      stopped_ = !watch_.step(leg, runner.trainer->step());
  }

  void keep_furthest() {
    std::stable_sort(runners_.begin(), runners_.end(), [](const Runner& a, const Runner& b) {
      return a.trainer->done() > b.trainer->done();
    });
  }

  const Setting& setting_;
  const std::string& model_;
  const Watch& watch_;
  std::vector<Runner> runners_;
  std::vector<Heat> heats_;
  bool stopped_ = false;
};

double mean_of_last_tenth(const std::vector<training::Step>& curve) {
  const std::size_t count = std::max<std::size_t>(1, curve.size() / 10);
  double sum = 0;
  for (std::size_t i = curve.size() - count; i < curve.size(); ++i) sum += curve[i].loss;
  return sum / static_cast<double>(count);
}

Result result_of(const Setting& setting, const std::string& name, Race& race,
                 std::optional<AttentionMap>& map) {
  const Runner& winner = race.run();
  Trainer& trainer = *winner.trainer;
  Result result;
  result.model = name;
  result.parameters = trainer.model().parameter_count();
  result.heats = race.heats();
  result.learning_rate = winner.learning_rate;
  result.curve = trainer.curve();
  result.seconds = trainer.seconds();
  result.train_loss = mean_of_last_tenth(result.curve);
  result.held_out = training::evaluate(trainer.model(), setting.task, tasks::Split::test,
                                       setting.rules.test_batches, setting.defaults.batch);
  for (std::size_t i = 0; i < setting.task.probes().size(); ++i)
    result.probed.push_back(training::evaluate_probe(trainer.model(), setting.task, i,
                                                     setting.rules.probe_batches,
                                                     setting.defaults.batch)
                                .accuracy);
  result.stopped = !trainer.finished();
  result.trained = trainer.shared_model();
  if (auto drawn = map_of(trainer.model(), setting.task)) map = std::move(drawn);
  return result;
}

}  // namespace

void expect_suitable(const std::string& task_name, const tasks::Task& task,
                     const std::vector<std::string>& models, const Rules& rules) {
  const Setting setting = setting_of(task_name, task, rules);
  for (const std::string& name : models) {
    try {
      setting.build(name);
    } catch (const report::UsageError& error) {
      throw report::UsageError(task_name + " / " + name + ": " + error.what());
    }
  }
}

TaskResult hold(const std::string& task_name, const tasks::Task& task,
                const std::vector<std::string>& models, const Rules& rules, const Watch& watch) {
  const Setting setting = setting_of(task_name, task, rules);
  TaskResult outcome{
      task_name, task.sizes().causal, task.baselines(), task.probes(), {}, std::nullopt, ""};
  for (const std::string& name : models) {
    Race race(setting, name, watch);
    try {
      outcome.results.push_back(result_of(setting, name, race, outcome.map));
    } catch (const training::DivergedError& error) {
      outcome.failure = task_name + " / " + name + ": " + error.what();
    }
    if (!outcome.failure.empty() || outcome.results.back().stopped) break;
  }
  return outcome;
}

}  // namespace rapt::comparison
