// The main job: trains self-attention and a recurrent network on the same batches of the same
// tasks, and shows who wins where.
#include <cstdio>
#include <iostream>
#include <memory>

#include "examples/comparison/present.h"
#include "examples/report/files.h"
#include "examples/report/flags.h"
#include "examples/report/interrupt.h"
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
  flags.choice("--positions", "KIND", &s.rules.positions, {"none", "sinusoidal", "learned"},
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
  if (flags.given("--rate")) s.rules.learning_rates = {rate};
  if (s.quick) s.rules.step_share = 0.15;
  return s;
}

// One progress line per leg. The heats of a race pass quickly: they show on a terminal only.
class Screen {
 public:
  explicit Screen(const report::Terminal& terminal) : terminal_(terminal) {}

  bool show(const comparison::Leg& leg, const training::Step& step) {
    const bool stop = report::interrupted();
    if (leg.race && !terminal_.interactive) return !stop;
    if (step.number == leg.begin + 1)
      progress_ =
          std::make_unique<report::Progress>(std::cout, terminal_, leg.label, leg.end - leg.begin);
    progress_->update(step.number - leg.begin, step.loss, step.accuracy);
    if (step.number == leg.end || stop) progress_->finish();
    return !stop;
  }

 private:
  report::Terminal terminal_;
  std::unique_ptr<report::Progress> progress_;
};

int compare(int argc, char** argv) {
  const Settings settings = read(argc, argv);
  set_thread_count(settings.threads);
  // Everything that can be wrong is found before the first step.
  report::ensure_folder(settings.out, "--out");
  std::vector<std::unique_ptr<tasks::Task>> tasks;
  for (const std::string& name : settings.tasks)
    tasks.push_back(tasks::find_task(name).make(settings.task));

  report::install_interrupt_handler();
  const report::Terminal terminal = report::detect();
  Screen screen(terminal);
  std::vector<TaskResult> outcomes;
  for (std::size_t i = 0; i < tasks.size() && !report::interrupted(); ++i)
    outcomes.push_back(
        comparison::hold(settings.tasks[i], *tasks[i], settings.models, settings.rules,
                         [&](const comparison::Leg& leg, const training::Step& step) {
                           return screen.show(leg, step);
                         }));

  std::cout << '\n' << comparison::table(outcomes) << '\n' << comparison::fairness(settings.rules);
  if (outcomes[0].map) std::cout << '\n' << comparison::drawing(outcomes[0], terminal);
  const std::string base = settings.out + "/compare";
  report::write_atomically(base + ".json", comparison::json(outcomes, settings.rules));
  report::write_atomically(base + ".csv", comparison::csv(outcomes));
  std::cout << "\nWritten: " << base << ".json, " << base << ".csv\n";
  return report::interrupted() ? 130 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("compare", [&] { return compare(argc, argv); });
}
