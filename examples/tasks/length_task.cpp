#include "examples/tasks/length_task.h"

namespace rapt::tasks {

std::vector<std::string> LengthTask::probes() const {
  std::vector<std::string> names;
  for (const Index length : probed_) names.push_back(message("T=", length));
  return names;
}

Batch LengthTask::probe(std::size_t which, Index size, Rng& rng) const {
  return drawn(size, probed_[which], rng);
}

}  // namespace rapt::tasks
