#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "examples/tasks/number_task.h"

namespace rapt::tasks {

// Forecasting: at every position of a window of numbers, the next one is wanted.
class Forecast : public NumberTask {
 public:
  Forecast(Index length, double tolerance) : NumberTask(tolerance), length_(length) {}

  Sizes sizes() const override;
  std::string input_at(const Batch& batch, Index row, Index t) const override;

 protected:
  // windows: T + 1 values each, the last T of them wanted, if `asked` says so of a window and t.
  using Asked = std::function<bool(Index window, Index t)>;
  Batch batch_of(const std::vector<std::vector<double>>& windows, const Asked& asked) const;

  Index length_;
};

// Counts how a forecast does.
struct Errors {
  double tolerance, squared = 0, close = 0, count = 0;
  void add(double error);
  Baseline baseline(const std::string& name) const {
    return {name, squared / count, close / count};
  }
};

}  // namespace rapt::tasks
