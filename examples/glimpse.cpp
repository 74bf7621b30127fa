// Chapter 09: one place of a sequence must be found (the task needle). A linear model looks at it
// in one way: at the mean of all steps, at a soft blend of them, or hard, at one step alone, which
// no derivative passes. How fast and how far does each learn? And at fixed parameters: how much
// does the gradient of the scores change from one draw to the next? (The network of glimpses,
// nn/glimpse.h, is a model of cbam.cpp.)
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "examples/looking/learner.h"
#include "examples/report/flags.h"
#include "examples/report/heatmap.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"
#include "examples/tasks/task.h"

using namespace rapt;
using namespace rapt::looking;
using nn::Baseline;
using report::fixed, report::percent;

constexpr double kNever = 1e9;
constexpr std::uint64_t kChosen = 7;  // seed of what every learner is watched on

const Way kMean{"mean", Look::mean}, kSoft{"soft", Look::soft},
    kPlain{"hard, no baseline", Look::draw},
    kAverage{"hard, average", Look::draw, Baseline::moving_average},
    kLearned{"hard, learned", Look::draw, Baseline::learned},
    kPlainEight{"hard, no baseline, 8 looks", Look::draw, Baseline::none, 8},
    kAverageEight{"hard, average, 8 looks", Look::draw, Baseline::moving_average, 8},
    kGumbel{"hard, Gumbel-softmax", Look::gumbel};

struct Settings {
  Index steps = 600, draws = 500;
  std::size_t seeds = 3;
  std::uint64_t seed = 1;
  double rate = 5e-3;
  bool untimed = false;

  training::LoopOptions loop() const { return {.steps = steps, .learning_rate = rate}; }
};

// The middle one of several, and from which to which.
std::vector<std::string> spread(std::vector<double> values, std::string (*text)(double)) {
  std::sort(values.begin(), values.end());
  const std::string first = text(values.front()), last = text(values.back());
  return {text(report::median(values)), first == last ? "" : first + " .. " + last};
}

std::string as_percent(double share) { return percent(share); }
std::string as_steps(double steps) { return steps >= kNever / 2 ? "never" : fixed(steps, 0); }

// Trains with every seed. One row of the table, with the time as the last cell.
std::vector<std::string> race(const Way& way, const tasks::Task& task, const Settings& settings) {
  std::vector<double> accuracy, until;
  double on_needle = 0, longer = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t seed = settings.seed; accuracy.size() < settings.seeds; ++seed) {
    Learner learner(task.sizes(), way.baseline, Rng(seed));
    Rng chosen(kChosen), fresh(seed + 2000);
    const tasks::Batch batch = task.batch(256, tasks::Split::validation, chosen);
    until.push_back(kNever);
    train(learner, way, task, settings.loop(), seed, [&](Index step) {
      if (step % 10 == 0 && until.back() == kNever &&
          tested(learner, way.look, batch).accuracy >= 0.9)
        until.back() = double(step);
      return true;
    });
    const Tested end = tested(learner, way.look, task.batch(1000, tasks::Split::test, fresh));
    accuracy.push_back(end.accuracy);
    on_needle += end.on_needle;
    longer += tested(learner, way.look, task.probe(2, 1000, fresh)).accuracy;
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  const double count = double(settings.seeds);
  const auto right = spread(accuracy, as_percent), steps = spread(until, as_steps);
  const std::string time = fixed(took.count() / count / double(settings.steps), 2);
  return {way.name,
          right[0],
          right[1],
          steps[0],
          steps[1],
          fixed(on_needle / count, 2),
          percent(longer / count),
          time};
}

// One sequence, and where two ways looked at it while they learned.
std::string picture(const tasks::Task& task, const Settings& settings) {
  Rng chosen(kChosen);
  const tasks::Batch one = task.batch(1, tasks::Split::validation, chosen);
  report::Heatmap map;
  for (Index t = 0; t < one.features.dim(1); ++t) {
    const std::string shown = task.input_at(one, 0, t);
    map.column_labels.push_back(shown[0] == '[' ? message("*", shown.substr(1, 1)) : shown);
  }
  for (const Way& way : {kSoft, kAverage}) {
    Learner learner(task.sizes(), way.baseline, Rng(settings.seed));
    train(learner, way, task, settings.loop(), settings.seed, [&](Index step) {
      if (step % 30 > 0) return true;
      map.row_labels.push_back((way.look == Look::soft ? "soft " : "hard ") + std::to_string(step));
      for (const Scalar weight : learner.model.weights(one.features).value().values())
        map.values.push_back(weight);
      return step < 150;
    });
  }
  return draw(map, report::Terminal{});
}

// The same batch and parameters for all.
report::Table variances(const Model& model, const tasks::Task& task, const tasks::Batch& batch,
                        const Settings& settings) {
  report::Table table({"estimated by", "variance", "mean is off", "by chance"});
  double plain = 0;
  for (const Way& way : {kPlain, kAverage, kLearned, kPlainEight, kAverageEight, kGumbel}) {
    const Noise noise = noise_of(model, way, task, batch, settings.draws, settings.seed + 4000);
    if (plain == 0) plain = noise.variance;
    table.row({way.name, report::significant(noise.variance / plain, 2), percent(noise.off),
               percent(noise.by_chance)});
  }
  return table;
}

int main(int argc, char** argv) {
  return report::guarded("glimpse", [&] {
    Settings settings;
    report::Flags flags("glimpse", "Hard attention against soft, where one place must be found.");
    flags.option("--steps", "N", &settings.steps, "training steps of each model", 1);
    flags.option("--seeds", "N", &settings.seeds, "how often each is trained", 1, 100);
    flags.option("--seed", "N", &settings.seed, "first seed of weights and data", 0);
    flags.option("--rate", "X", &settings.rate, "learning rate", 0, 1);
    flags.option("--draws", "N", &settings.draws, "draws of each gradient at fixed parameters", 2);
    flags.toggle("--untimed", &settings.untimed, "leave out times, which differ from run to run");
    flags.parse(argc, argv);

    const auto task = tasks::find_task("needle").make({});
    const std::string longest = "at T=" + std::to_string(task->sizes().length);
    std::vector<std::string> header = {"way of looking", "accuracy",  "range", "steps to 90 %",
                                       "range",          "on needle", longest};
    if (!settings.untimed) header.push_back("ms/step");
    std::vector<report::Align> align(header.size(), report::Align::right);
    align[0] = report::Align::left;
    report::Table races(header, align);
    for (const Way& way : {kMean, kSoft, kPlain, kAverage, kLearned, kAverageEight, kGumbel}) {
      std::vector<std::string> cells = race(way, *task, settings);
      cells.resize(header.size());
      races.row(cells);
    }
    std::printf("needle: %td steps, %zu seeds: medians and ranges; the right columns are means\n%s",
                settings.steps, settings.seeds, races.text().c_str());
    std::printf("\nSoft weights and the probabilities of hard, average on the way\n%s",
                picture(*task, settings).c_str());
    std::printf(
        "\nGradients of the scores at fixed parameters, %td draws: variance, against that of no\n"
        "baseline; how far their mean is from the exact gradient, and chance would put it\n",
        settings.draws);

    Rng chosen(kChosen);
    const tasks::Batch batch = task->batch(kBatch, tasks::Split::validation, chosen);
    for (const double goal : {0.0, 0.5}) {
      Learner learner(task->sizes(), kAverage.baseline, Rng(settings.seed));
      Index done = 0;
      train(learner, kAverage, *task, settings.loop(), settings.seed, [&](Index step) {
        done = step;
        return tested(learner, kAverage.look, batch).on_needle < goal;
      });
      const double on_needle = tested(learner, kAverage.look, batch).on_needle;
      const report::Table table = variances(learner.model, *task, batch, settings);
      std::printf("\nafter %td steps of hard, average: %s of the probability on the needle\n%s",
                  done, fixed(on_needle, 2).c_str(), table.text().c_str());
    }
    return 0;
  });
}
