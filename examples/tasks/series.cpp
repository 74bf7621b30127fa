// Series: forecast the next value of a seasonal series, at every position. A season has a shape of
// its own (two harmonics, drawn anew) and repeats after 7 or after 12 steps; somewhere in the
// middle half the other regime begins, with the other period and another shape, and nothing says so
// but the values. Noise is added:
//
//   x_t = sum of a_h cos(2 pi h t / P) + b_h sin(2 pi h t / P) over h = 1, 2,  plus s n_t
//   a_h, b_h, n_t normal;  P = 7 or 12;  the variances of the season and of the noise: 1 and s^2
//
// Loss: the mean squared error; accuracy: the share of forecasts closer than 2 s. The baselines are
// measured on many series, with a fixed seed: the mean (nothing is known), the last value, the
// value one period ago if the regime is known (the seasonal naive forecast, 2 s^2 once a whole
// season was seen, and never less), and what is left to one who knows the season itself: the noise,
// s^2, the floor for everyone.
// Expected: the RNN wins. The next value of two harmonics is a fixed linear combination of the four
// before it, so that a small state goes far, while attention has to find out which steps back
// matter. Just after a switch nobody can know the new season; long after it the best come near the
// floor, and below the seasonal naive forecast, because they average over more than one season.
//
// --length N: the number of values (48). With --data FILE.csv or FILE.csv:COLUMN: windows of N
// values of a column (48), of which the first 80 % train, the next 10 % choose the learning rate
// and the last 10 % test; numbers are in standard deviations of the training part.
#include <array>
#include <cmath>
#include <numbers>

#include "examples/tasks/forecast.h"
#include "examples/tasks/options.h"
#include "examples/tasks/recorded_series.h"

namespace rapt::tasks {
namespace {

constexpr double kNoise = 0.3;  // s
constexpr std::array<Index, 2> kPeriods = {7, 12};
constexpr Index kJustAfter = 12, kLongAfter = 24;  // steps since a switch

struct Drawn {
  std::vector<double> values, season;  // with and without noise
  Index change;                        // where the second regime begins
  std::array<Index, 2> period;         // before and after it

  Index period_at(Index t) const { return period[t < change ? 0 : 1]; }
  Index begin_at(Index t) const { return t < change ? 0 : change; }  // of its regime
};

class Seasons : public Forecast {
 public:
  explicit Seasons(Index length) : Forecast(length, 2 * kNoise) {}

  Defaults defaults() const override {
    return {1000, 32, {.dim = 32, .heads = 2, .feed_forward = 64, .layers = 2}};
  }

  std::vector<Baseline> baselines() const override {
    Errors mean{2 * kNoise}, last = mean, naive = mean, floor = mean;
    Rng rng(0);
    for (int i = 0; i < 4000; ++i) {
      const Drawn series = draw(rng);
      for (Index t = 1; t <= length_; ++t) {
        const double wanted = series.values[t];
        const Index before = t - series.period_at(t);
        mean.add(wanted);
        last.add(wanted - series.values[t - 1]);
        naive.add(wanted - (before >= series.begin_at(t) ? series.values[before] : 0));
        floor.add(wanted - series.season[t]);
      }
    }
    return {mean.baseline("mean"), last.baseline("last value"), naive.baseline("a season ago"),
            floor.baseline("the noise")};
  }

  Batch batch(Index size, Split, Rng& rng) const override {
    return asked_batch(size, rng, [](const Drawn&, Index) { return true; });
  }

  std::vector<std::string> probes() const override {
    return {message("0-", kJustAfter - 1, " after a switch"), message(kLongAfter, " and more")};
  }
  Batch probe(std::size_t which, Index size, Rng& rng) const override {
    return asked_batch(size, rng, [which](const Drawn& series, Index t) {
      const Index since = t - series.change;
      return which == 0 ? since >= 0 && since < kJustAfter : since >= kLongAfter;
    });
  }

 private:
  Drawn draw(Rng& rng) const {
    Drawn series{{}, {}, 0, kPeriods};
    if (rng.chance(0.5)) std::swap(series.period[0], series.period[1]);
    series.change = length_ / 4 + rng.below(length_ / 2);
    using Shape = std::array<double, 4>;  // a_1, b_1, a_2, b_2
    std::array<Shape, 2> shapes;
    for (Shape& shape : shapes)
      for (double& coefficient : shape) coefficient = rng.normal() / std::numbers::sqrt2;
    for (Index t = 0; t <= length_; ++t) {
      const auto& [a1, b1, a2, b2] = shapes[t < series.change ? 0 : 1];
      const double angle = 2 * std::numbers::pi * double(t) / double(series.period_at(t));
      series.season.push_back(a1 * std::cos(angle) + b1 * std::sin(angle) +
                              a2 * std::cos(2 * angle) + b2 * std::sin(2 * angle));
    }
    for (const double season : series.season)
      series.values.push_back(season + kNoise * rng.normal());
    return series;
  }

  template <class Wanted>
  Batch asked_batch(Index size, Rng& rng, const Wanted& wanted) const {
    std::vector<Drawn> drawn;
    std::vector<std::vector<double>> windows;
    for (Index b = 0; b < size; ++b) {
      drawn.push_back(draw(rng));
      windows.push_back(drawn.back().values);
    }
    return batch_of(
        windows, [&](Index b, Index t) { return wanted(drawn[static_cast<std::size_t>(b)], t); });
  }
};

std::unique_ptr<Task> make(const TaskOptions& options) {
  if (!options.data.empty()) return recorded_series(options);
  return std::make_unique<Seasons>(length_of(options, "series", 48, 40, 400));
}

const bool registered =
    register_task({"series", "the next value of a seasonal series (--data FILE.csv:COLUMN)",
                   Form::number, make, true});

}  // namespace
}  // namespace rapt::tasks
