// Forecasting: at every step of a series, the next value from those before it. The series here is
// seasonal and changes its habits at a moment nobody announces, so what helped before the change
// misleads after it. The program trains the models, compares them one step ahead, then lets each go
// on by itself, fed with its own forecasts, and shows how the error grows.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "examples/comparison/run.h"
#include "examples/report/numbers.h"
#include "examples/report/program.h"
#include "examples/report/table.h"

using namespace rapt;

namespace {

// One model's forecasts of the next value at each position. -> [B, T]
Tensor one_step_ahead(models::SequenceModel& model, const tasks::Batch& batch) {
  const NoGrad off;
  model.eval();
  const Tensor outputs = model(batch).logits.value();
  return outputs.reshape({outputs.dim(0), outputs.dim(1)});
}

// The same `ahead` steps beyond position `now`, with each forecast as the next step's input.
// -> [B, ahead]
Tensor many_steps_ahead(models::SequenceModel& model, const tasks::Batch& batch, Index now,
                        Index ahead) {
  const Index series = batch.features.dim(0), length = batch.features.dim(1);
  tasks::Batch fed = batch;
  fed.features = copy(batch.features);
  Tensor forecasts({series, ahead});
  for (Index i = 0; i < ahead; ++i) {
    const Tensor next = one_step_ahead(model, fed);
    for (Index b = 0; b < series; ++b) {
      const Scalar forecast = next.at({b, now + i});
      forecasts.data()[b * ahead + i] = forecast;
      if (now + i + 1 < length) fed.features.data()[b * length + now + i + 1] = forecast;
    }
  }
  return forecasts;
}

// One step ahead as a picture: a line per time step, the truth as o, the best model's
// forecast as x, * where they meet.
void draw_series(const comparison::Trained& trained, const tasks::Batch& batch, Index steps) {
  if (steps == 0) return;
  constexpr int kWidth = 48;
  const Tensor& truth = batch.values;
  const Index length = truth.dim(1), first = std::max<Index>(0, length - steps);
  double low = truth.at({0, first}), high = low;
  for (Index t = first; t < length; ++t) {
    low = std::min<double>(low, truth.at({0, t}));
    high = std::max<double>(high, truth.at({0, t}));
  }
  const auto column = [&](double value) {
    const double share = (value - low) / std::max(high - low, 1e-9);
    return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * (kWidth - 1) + 0.5);
  };
  const comparison::Result& best = *std::min_element(
      trained.outcome.results.begin(), trained.outcome.results.end(),
      [](const auto& a, const auto& b) { return a.held_out.loss < b.held_out.loss; });
  const Tensor forecast = one_step_ahead(*best.trained, batch);
  std::printf("\nThe end of one unseen series: o is what came, x what %s expected, * both\n",
              best.model.c_str());
  for (Index t = first; t < length; ++t) {
    std::string line(kWidth, ' ');
    line[column(forecast.at({0, t}))] = 'x';
    char& mark = line[column(truth.at({0, t}))];
    mark = mark == 'x' ? '*' : 'o';
    std::printf("%4lld %7s |%s|\n", static_cast<long long>(t + 1),
                report::fixed(truth.at({0, t}), 2).c_str(), line.c_str());
  }
}

// Mean squared error at growing distance, each model on its own forecasts.
void show_horizons(const comparison::Trained& trained, const tasks::Batch& batch, Index ahead) {
  const Index length = batch.values.dim(1), now = length - ahead;
  std::vector<Index> horizons;
  for (Index h = 1; h < ahead; h *= 2) horizons.push_back(h);
  horizons.push_back(ahead);
  std::vector<std::string> head = {"squared error, steps ahead"};
  for (const Index h : horizons) head.push_back(std::to_string(h));
  report::Table table(head);
  for (const comparison::Result& result : trained.outcome.results) {
    const Tensor forecasts = many_steps_ahead(*result.trained, batch, now, ahead);
    std::vector<std::string> row = {result.model};
    for (const Index h : horizons) {
      double total = 0;
      for (Index b = 0; b < batch.size(); ++b) {
        const double error = forecasts.at({b, h - 1}) - batch.values.at({b, now + h - 1});
        total += error * error / static_cast<double>(batch.size());
      }
      row.push_back(report::fixed(total, 3));
    }
    table.row(row);
  }
  std::printf("\n%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("forecast", [&] {
    comparison::Settings settings{.tasks = {"series"},
                                  .models = {"gru", "gru-attention", "attention", "tcn"}};
    Index ahead = 12, steps = 30;
    report::Flags flags = comparison::flags_of("forecast", "Predicts the next values of a series.",
                                               settings, tasks::Form::number);
    flags.option("--ahead", "N", &ahead, "steps that each model goes on by itself", 1, 1000);
    flags.option("--draw", "N", &steps, "steps of a series to draw", 0, 1000);
    comparison::parse(flags, settings, argc, argv);

    for (const comparison::Trained& trained : comparison::run("forecast", settings)) {
      if (trained.outcome.results.empty()) continue;
      const tasks::Sizes sizes = trained.task->sizes();
      Rng rng(settings.rules.seed);
      const tasks::Batch batch = trained.task->batch(256, tasks::Split::test, rng);
      if (batch.targets.values[0] == nn::kIgnored) continue;  // one number, no series
      draw_series(trained, batch, steps);
      if (sizes.features == 1) show_horizons(trained, batch, std::min(ahead, sizes.length - 1));
    }
    return comparison::exit_code();
  });
}
