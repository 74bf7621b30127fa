#include "examples/comparison/settings.h"

#include <algorithm>

#include "examples/report/program.h"

namespace rapt::comparison {
namespace {

std::vector<std::string> task_names(std::optional<tasks::Form> form) {
  std::vector<std::string> names;
  for (const tasks::TaskEntry& entry : tasks::all_tasks())
    if (!form || entry.form == *form) names.push_back(entry.name);
  return names;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const models::ModelEntry& entry : models::all_models()) names.push_back(entry.name);
  return names;
}

}  // namespace

report::Flags flags_of(const std::string& program, const std::string& purpose, Settings& s,
                       std::optional<tasks::Form> form) {
  report::Flags flags(program, purpose);
  flags.choices("--task", "NAMES", &s.tasks, task_names(form), "tasks, in this order");
  flags.choices("--model", "NAMES", &s.models, model_names(), "models");
  flags.option("--steps", "N", &s.rules.steps,
               "training steps of each model (default: the task's own)", 1, 10'000'000);
  flags.option("--length", "N", &s.task.length,
               "of the sequences: digits to reverse, steps to remember, characters of the window "
               "(default: the task's own)",
               2, 4096);
  flags.choice("--positions", "KIND", &s.rules.positions, nn::position_names(),
               "how attention knows positions");
  flags.option("--rate", "R", &s.rate,
               "learning rate of every model (default: each model's best of a small grid)", 1e-9,
               1e3);
  flags.option("--data", "FILE", &s.task.data,
               "the user's own data, for tasks that read a file (default: the task's own)");
  flags.option("--show", "N", &s.show, "print N samples of each task, and do not train", 0, 10'000);
  flags.option("--seed", "N", &s.rules.seed, "seed of weights and batches", 0, 1'000'000'000);
  flags.option("--threads", "N", &s.threads, "threads; they change no result", 1, 1024);
  flags.option("--out", "FOLDER", &s.out, "where the results go, as JSON and CSV");
  flags.toggle("--quick", &s.quick, "a fraction of the steps");
  flags.toggle("--untimed", &s.untimed,
               "print the bare results, which are the same in every run; no files unless --out "
               "is given");
  return flags;
}

void parse(report::Flags& flags, Settings& s, int argc, char** argv) {
  flags.parse(argc, argv);
  if (s.quick && flags.given("--steps"))
    throw report::UsageError("--quick: expected without --steps, which sets the steps itself");
  const bool reads = std::any_of(s.tasks.begin(), s.tasks.end(), [](const std::string& name) {
    return tasks::find_task(name).reads_data;
  });
  if (flags.given("--data") && !reads) {
    std::string readers;
    for (const tasks::TaskEntry& entry : tasks::all_tasks())
      if (entry.reads_data) readers += (readers.empty() ? "" : ", ") + entry.name;
    throw report::UsageError("--data: expected one of the tasks that read a file among --task: " +
                             readers);
  }
  if (flags.given("--rate")) s.rules.learning_rates = {s.rate};
  if (s.quick) s.rules.step_share = 0.15;
  if (s.untimed && !flags.given("--out")) s.out.clear();
}

}  // namespace rapt::comparison
