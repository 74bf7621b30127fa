#include "examples/comparison/run.h"

#include <filesystem>
#include <iostream>

#include "examples/comparison/present.h"
#include "examples/report/files.h"
#include "examples/report/interrupt.h"
#include "examples/report/numbers.h"
#include "examples/report/progress.h"

namespace rapt::comparison {
namespace {

// One progress line per leg. The heats of a race are short: where the output is no terminal, each
// gets one line at its end.
class Screen {
 public:
  Screen(const report::Terminal& terminal, bool silent) : terminal_(terminal), silent_(silent) {}

  void begin(const Leg& leg) {
    progress_.reset();
    if (silent_) return;
    if (terminal_.interactive || !leg.race)
      progress_ =
          std::make_unique<report::Progress>(std::cout, terminal_, leg.label, leg.end - leg.begin);
  }

  bool step(const Leg& leg, const training::Step& step) {
    const bool last = step.number == leg.end || report::interrupted();
    if (progress_) {
      progress_->update(step.number - leg.begin, step.loss, step.accuracy);
      if (last) progress_->finish();
    } else if (last && !silent_) {
      std::cout << leg.label << "  step " << step.number << "  loss " << report::fixed(step.loss, 4)
                << std::endl;
    }
    return !report::interrupted();
  }

 private:
  report::Terminal terminal_;
  bool silent_;
  std::unique_ptr<report::Progress> progress_;
};

void print_samples(const std::string& name, const tasks::Task& task, Index count,
                   std::uint64_t seed) {
  Rng rng(seed);
  const tasks::Batch batch = task.batch(count, tasks::Split::training, rng);
  std::cout << name << ": " << tasks::find_task(name).summary << '\n';
  for (Index row = 0; row < count; ++row) std::cout << "  " << sample(task, batch, row) << '\n';
}

void show(const std::vector<TaskResult>& outcomes, const Settings& settings,
          const report::Terminal& terminal) {
  std::cout << (settings.untimed ? "" : "\n") << table(outcomes, !settings.untimed);
  for (std::size_t i = outcomes.size(); i < settings.tasks.size(); ++i)
    std::cout << settings.tasks[i] << ": not run\n";
  if (settings.untimed) return;
  if (settings.models.size() > 1) std::cout << '\n' << fairness(outcomes, settings.rules);
  for (const TaskResult& outcome : outcomes)
    if (outcome.map) {
      std::cout << '\n' << drawing(outcome, terminal);
      break;
    }
}

// An incomplete run has files of its own, so that it never replaces the results of a complete one.
void write(const std::string& program, const std::vector<TaskResult>& outcomes,
           const Settings& settings, bool complete) {
  const auto base =
      std::filesystem::absolute(settings.out) / (complete ? program : program + "-incomplete");
  report::write_atomically(base.string() + ".json", json(outcomes, settings.rules));
  report::write_atomically(base.string() + ".csv", csv(outcomes));
  std::cout << "\nWritten: " << base.string() << ".json and .csv\n";
}

}  // namespace

std::vector<Trained> run(const std::string& program, const Settings& settings) {
  set_thread_count(settings.threads);
  // Everything that can be wrong is found before the first step.
  std::vector<Trained> all;
  for (const std::string& name : settings.tasks) {
    all.push_back({tasks::find_task(name).make(settings.task), {}});
    if (settings.show == 0)
      expect_suitable(name, *all.back().task, settings.models, settings.rules);
  }
  if (settings.show > 0) {
    for (std::size_t i = 0; i < all.size(); ++i)
      print_samples(settings.tasks[i], *all[i].task, settings.show, settings.rules.seed);
    return {};
  }
  if (!settings.out.empty()) report::ensure_folder(settings.out, "--out");

  report::install_interrupt_handler();
  const report::Terminal terminal = comparison::screen(settings);
  Screen screen(terminal, settings.untimed);
  const Watch watch{
      [&](const Leg& leg) { screen.begin(leg); },
      [&](const Leg& leg, const training::Step& step) { return screen.step(leg, step); }};
  std::vector<TaskResult> outcomes;
  std::string failure;
  for (std::size_t i = 0; i < all.size() && failure.empty() && !report::interrupted(); ++i) {
    all[i].outcome = hold(settings.tasks[i], *all[i].task, settings.models, settings.rules, watch);
    outcomes.push_back(all[i].outcome);
    failure = outcomes.back().failure;
  }
  show(outcomes, settings, terminal);
  if (!settings.out.empty())
    write(program, outcomes, settings, failure.empty() && !report::interrupted());
  if (!failure.empty()) throw std::runtime_error(failure);
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(outcomes.size()), all.end());
  return all;
}

report::Terminal screen(const Settings& settings) {
  if (settings.untimed) return {.utf8 = true, .width = 100};
  return report::detect();
}

int exit_code() { return report::interrupted() ? 130 : 0; }

}  // namespace rapt::comparison
