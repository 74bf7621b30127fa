#pragma once
#include <map>
#include <string>
#include <vector>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// The oldest model of text (Shannon 1948): how often each symbol followed each context, the n-1
// symbols before it, as far as the window goes back. Smoothed by one.
class Ngrams {
 public:
  Ngrams(Index n, Index classes) : n_(n), classes_(classes) {}

  void add(const Batch& batch);
  Baseline score(const std::string& name, const Batch& batch) const;  // over all its positions

 private:
  using Context = std::vector<std::int32_t>;
  Context context(const Batch& batch, Index row, Index t) const;

  Index n_, classes_;
  std::map<Context, std::vector<double>> count_;
};

}  // namespace rapt::tasks
