#pragma once
#include <memory>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// Forecasting a column of a table of the user's (data::read_csv_column), in standard deviations of
// its training part. Baselines, on the test part: the mean of the training part, the last value,
// and the value a fixed number of steps ago that is the best forecast in the training part.
// UsageError where a tenth of the values holds no window.
std::unique_ptr<Task> recorded_series(const TaskOptions& options);

}  // namespace rapt::tasks
