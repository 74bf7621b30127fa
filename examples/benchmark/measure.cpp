#include "examples/benchmark/measure.h"

#include <algorithm>
#include <chrono>

#include "examples/report/numbers.h"

namespace rapt::benchmark {
namespace {

double seconds_of(const Step& step, Index repetitions) {
  const auto start = std::chrono::steady_clock::now();
  for (Index i = 0; i < repetitions; ++i) step();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The time of one step, from each group.
std::vector<double> times_of(const Step& step, double budget) {
  constexpr double kGroup = 2e-4;
  constexpr std::size_t kFewest = 7;
  step();  // the first one fills caches and pools
  const double once = std::max(seconds_of(step, 1), 1e-9);
  const Index group = std::max<Index>(1, static_cast<Index>(kGroup / once));
  std::vector<double> times;
  for (double spent = 0; spent < budget || times.size() < kFewest;) {
    const double time = seconds_of(step, group);
    times.push_back(time / static_cast<double>(group));
    spent += time;
  }
  return times;
}

}  // namespace

double median_time(const Step& step, double budget) {
  return report::median(times_of(step, budget));
}

double shortest_time(const Step& step, double budget) {
  const std::vector<double> times = times_of(step, budget);
  return *std::min_element(times.begin(), times.end());
}

}  // namespace rapt::benchmark
