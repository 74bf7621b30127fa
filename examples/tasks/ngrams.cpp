#include "examples/tasks/ngrams.h"

#include <algorithm>
#include <cmath>

namespace rapt::tasks {

// The input at t is the symbol before the target at t.
Ngrams::Context Ngrams::context(const Batch& batch, Index row, Index t) const {
  const auto end = batch.inputs.values.begin() + row * batch.inputs.shape[1] + t + 1;
  return {end - std::min(n_ - 1, t + 1), end};
}

void Ngrams::add(const Batch& batch) {
  const Index steps = batch.targets.shape[1];
  for (Index row = 0; row < batch.size(); ++row)
    for (Index t = 0; t < steps; ++t) {
      std::vector<double>& followed = count_[context(batch, row, t)];
      followed.resize(static_cast<std::size_t>(classes_), 0.0);
      followed[batch.targets.values[row * steps + t]] += 1;
    }
}

Baseline Ngrams::score(const std::string& name, const Batch& batch) const {
  const Index steps = batch.targets.shape[1];
  const std::vector<double> nothing(static_cast<std::size_t>(classes_), 0.0);
  double loss = 0, right = 0;
  for (Index row = 0; row < batch.size(); ++row)
    for (Index t = 0; t < steps; ++t) {
      const auto known = count_.find(context(batch, row, t));
      const std::vector<double>& followed = known == count_.end() ? nothing : known->second;
      double all = static_cast<double>(classes_);
      for (const double n : followed) all += n;
      const std::int32_t target = batch.targets.values[row * steps + t];
      loss -= std::log((followed[target] + 1) / all);
      right += std::max_element(followed.begin(), followed.end()) - followed.begin() == target;
    }
  const auto asked = static_cast<double>(batch.size() * steps);
  return {name, loss / asked, right / asked};
}

}  // namespace rapt::tasks
