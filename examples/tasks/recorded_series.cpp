#include "examples/tasks/recorded_series.h"

#include <algorithm>
#include <cmath>

#include "examples/data/csv_column.h"
#include "examples/report/program.h"
#include "examples/tasks/forecast.h"
#include "examples/tasks/options.h"
#include "examples/tasks/split.h"

namespace rapt::tasks {
namespace {

class Recorded : public Forecast {
 public:
  Recorded(std::vector<double> values, Index length)
      : Forecast(length, kTolerance), values_(std::move(values)) {
    const auto [begin, end] = part(Split::training);
    double mean = 0, variance = 0;
    for (Index t = begin; t < end; ++t) mean += values_[t] / static_cast<double>(end);
    for (Index t = begin; t < end; ++t)
      variance += (values_[t] - mean) * (values_[t] - mean) / static_cast<double>(end);
    const double deviation = std::sqrt(variance);
    if (!(deviation > 0))
      throw report::UsageError("--data: expected values that vary in the first 80 % of the column");
    for (double& value : values_) value = (value - mean) / deviation;
  }

  Defaults defaults() const override {
    return {1000, 32, {.dim = 32, .heads = 4, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    Errors mean{kTolerance}, last = mean, lagged = mean;
    const auto [begin, end] = part(Split::test);
    const Index lag = best_lag();
    for (Index t = begin; t < end; ++t) {
      mean.add(values_[t]);
      last.add(values_[t] - values_[t - 1]);
      lagged.add(values_[t] - values_[t - lag]);
    }
    std::vector<Baseline> all = {mean.baseline("mean"), last.baseline("last value")};
    if (lag > 1) all.push_back(lagged.baseline(message(lag, " steps ago")));
    return all;
  }

  Batch batch(Index size, Split split, Rng& rng) const override {
    const auto [begin, end] = part(split);
    std::vector<std::vector<double>> windows;
    for (Index b = 0; b < size; ++b) {
      const auto at = values_.begin() + begin + rng.below(end - begin - length_);
      windows.emplace_back(at, at + length_ + 1);
    }
    return batch_of(windows, [](Index, Index) { return true; });
  }

 private:
  static constexpr double kTolerance = 0.25;  // standard deviations

  // Which of the values in a window is the best forecast by itself, in the training part.
  Index best_lag() const {
    const auto [begin, end] = part(Split::training);
    Index best = 1;
    double least = 0;
    for (Index lag = 1; lag <= length_; ++lag) {
      double squared = 0;
      for (Index t = begin + length_; t < end; ++t)
        squared += (values_[t] - values_[t - lag]) * (values_[t] - values_[t - lag]);
      if (lag > 1 && squared >= least) continue;
      best = lag;
      least = squared;
    }
    return best;
  }

  std::pair<Index, Index> part(Split split) const {
    return part_of(static_cast<Index>(values_.size()), split);
  }

  std::vector<double> values_;
};

}  // namespace

std::unique_ptr<Task> recorded_series(const TaskOptions& options) {
  const Index length = length_of(options, "series", 48, 2, 1000);
  data::Column column = data::read_csv_column(options.data);
  const Index least = 10 * (length + 2);
  if (static_cast<Index>(column.values.size()) < least)
    throw report::UsageError(message("--data ", options.data, ": expected at least ", least,
                                     " values, so that a tenth holds a window of ", length,
                                     "; got ", column.values.size()));
  return std::make_unique<Recorded>(std::move(column.values), length);
}

}  // namespace rapt::tasks
