#include "examples/tasks/forecast.h"

#include <cmath>

#include "examples/report/numbers.h"

namespace rapt::tasks {

Sizes Forecast::sizes() const {
  return {.vocabulary = 0, .classes = 1, .length = length_, .causal = true, .features = 1};
}

std::string Forecast::input_at(const Batch& batch, Index row, Index t) const {
  return report::fixed(batch.features.at({row, t, 0}), 1);
}

Batch Forecast::batch_of(const std::vector<std::vector<double>>& windows,
                         const Asked& asked) const {
  const auto size = static_cast<Index>(windows.size());
  Batch batch;
  batch.features = Tensor({size, length_, 1});
  batch.targets.shape = {size, length_};
  batch.values = Tensor({size, length_});
  for (Index b = 0; b < size; ++b)
    for (Index t = 0; t < length_; ++t) {
      const double* now = windows[static_cast<std::size_t>(b)].data() + t;
      batch.features.data()[b * length_ + t] = static_cast<Scalar>(now[0]);
      batch.values.data()[b * length_ + t] = static_cast<Scalar>(now[1]);
      batch.targets.values.push_back(asked(b, t + 1) ? 0 : nn::kIgnored);
    }
  return batch;
}

void Errors::add(double error) {
  squared += error * error;
  close += std::abs(error) < tolerance ? 1 : 0;
  count += 1;
}

}  // namespace rapt::tasks
