#pragma once
#include <utility>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// What tasks have in common that are the same at every length: they are probed at several lengths,
// "T=40" each, of which the last is the longest.
class LengthTask : public Task {
 public:
  explicit LengthTask(std::vector<Index> probed) : probed_(std::move(probed)) {}

  std::vector<std::string> probes() const override;
  Batch probe(std::size_t which, Index size, Rng& rng) const override;

 protected:
  // B sequences of this length, drawn with rng.
  virtual Batch drawn(Index size, Index length, Rng& rng) const = 0;

  Index longest() const { return probed_.back(); }

 private:
  std::vector<Index> probed_;
};

}  // namespace rapt::tasks
