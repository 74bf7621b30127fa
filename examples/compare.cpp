// The main job: trains self-attention and a recurrent network on the same batches of the same
// tasks, and shows who wins where.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include "examples/comparison/present.h"
#include "examples/report/files.h"
#include "examples/report/flags.h"
#include "examples/report/interrupt.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/progress.h"
#include "tensor/parallel.h"

using namespace rapt;
using comparison::TaskResult;

namespace {

struct Settings {
  std::vector<std::string> tasks = {"reverse", "copy", "text"}, models = {"attention", "rnn"};
  comparison::Rules rules;
  tasks::TaskOptions task;
  int threads = thread_count();
  bool quick = false;
  std::string out = "results";
};

template <class Entries>
std::vector<std::string> names_of(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.name);
  return names;
}

Settings read(int argc, char** argv) {
  Settings s;
  double rate = 0;
  report::Flags flags("compare", "Trains attention and a recurrent network on the same batches.");
  flags.choices("--task", "NAMES", &s.tasks, names_of(tasks::all_tasks()), "tasks, in this order");
  flags.choices("--model", "NAMES", &s.models, names_of(models::all_models()), "models");
  flags.option("--steps", "N", &s.rules.steps,
               "training steps of each model (default: the task's own)", 1, 10'000'000);
  flags.option("--length", "N", &s.task.length,
               "digits to reverse, steps to remember, characters of the window "
               "(default: 16, 50, 64)",
               2, 4096);
  flags.choice("--positions", "KIND", &s.rules.positions, nn::position_names(),
               "how attention knows positions");
  flags.option("--rate", "R", &rate,
               "learning rate of every model (default: each model's best of a small grid)", 1e-9,
               1e3);
  flags.option("--text", "FILE", &s.task.text,
               "UTF-8 text of the task text (default: the chapters of the course)");
  flags.option("--seed", "N", &s.rules.seed, "seed of weights and batches", 0, 1'000'000'000);
  flags.option("--threads", "N", &s.threads, "threads; they change no result", 1, 1024);
  flags.option("--out", "FOLDER", &s.out, "where compare.json and compare.csv go");
  flags.toggle("--quick", &s.quick, "a fraction of the steps");
  flags.parse(argc, argv);
  if (s.quick && flags.given("--steps"))
    throw report::UsageError("--quick: expected without --steps, which sets the steps itself");
  if (flags.given("--text") && std::find(s.tasks.begin(), s.tasks.end(), "text") == s.tasks.end())
    throw report::UsageError("--text: expected the task text among --task, which reads it");
  if (flags.given("--rate")) s.rules.learning_rates = {rate};
  if (s.quick) s.rules.step_share = 0.15;
  return s;
}

// One progress line per leg. The heats of a race are short: where the output is no terminal, each
// gets one line at its end.
class Screen {
 public:
  explicit Screen(const report::Terminal& terminal) : terminal_(terminal) {}

  void begin(const comparison::Leg& leg) {
    progress_.reset();
    if (terminal_.interactive || !leg.race)
      progress_ =
          std::make_unique<report::Progress>(std::cout, terminal_, leg.label, leg.end - leg.begin);
  }

  bool step(const comparison::Leg& leg, const training::Step& step) {
    const bool last = step.number == leg.end || report::interrupted();
    if (progress_) {
      progress_->update(step.number - leg.begin, step.loss, step.accuracy);
      if (last) progress_->finish();
    } else if (last) {
      std::cout << leg.label << "  step " << step.number << "  loss " << report::fixed(step.loss, 4)
                << std::endl;
    }
    return !report::interrupted();
  }

 private:
  report::Terminal terminal_;
  std::unique_ptr<report::Progress> progress_;
};

void show(const std::vector<TaskResult>& outcomes, const Settings& settings,
          const report::Terminal& terminal) {
  std::cout << '\n' << comparison::table(outcomes);
  for (std::size_t i = outcomes.size(); i < settings.tasks.size(); ++i)
    std::cout << settings.tasks[i] << ": not run\n";
  if (settings.models.size() > 1) std::cout << '\n' << comparison::fairness(settings.rules);
  for (const TaskResult& outcome : outcomes)
    if (outcome.map) {
      std::cout << '\n' << comparison::drawing(outcome, terminal);
      break;
    }
}

// An incomplete run has files of its own, so that it never replaces the results of a complete one.
void write(const std::vector<TaskResult>& outcomes, const Settings& settings, bool complete) {
  const auto base =
      std::filesystem::absolute(settings.out) / (complete ? "compare" : "compare-incomplete");
  report::write_atomically(base.string() + ".json", comparison::json(outcomes, settings.rules));
  report::write_atomically(base.string() + ".csv", comparison::csv(outcomes));
  std::cout << "\nWritten: " << base.string() << ".json and .csv\n";
}

int compare(int argc, char** argv) {
  const Settings settings = read(argc, argv);
  set_thread_count(settings.threads);
  // Everything that can be wrong is found before the first step.
  std::vector<std::unique_ptr<tasks::Task>> tasks;
  for (const std::string& name : settings.tasks)
    tasks.push_back(tasks::find_task(name).make(settings.task));
  report::ensure_folder(settings.out, "--out");

  report::install_interrupt_handler();
  const report::Terminal terminal = report::detect();
  Screen screen(terminal);
  const comparison::Watch watch{[&](const comparison::Leg& leg) { screen.begin(leg); },
                                [&](const comparison::Leg& leg, const training::Step& step) {
                                  return screen.step(leg, step);
                                }};
  std::vector<TaskResult> outcomes;
  std::string failure;
  for (std::size_t i = 0; i < tasks.size() && failure.empty() && !report::interrupted(); ++i) {
    outcomes.push_back(
        comparison::hold(settings.tasks[i], *tasks[i], settings.models, settings.rules, watch));
    failure = outcomes.back().failure;
  }
  show(outcomes, settings, terminal);
  write(outcomes, settings, failure.empty() && !report::interrupted());
  if (!failure.empty()) throw std::runtime_error(failure);
  return report::interrupted() ? 130 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("compare", [&] { return compare(argc, argv); });
}
