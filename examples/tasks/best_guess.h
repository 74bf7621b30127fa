#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// What can be known from some evidence alone (a word, the words so far, a bag of words): the
// probabilities of the answers given it. Nothing that sees no more can have a lower loss, or be
// right more often than by saying the likeliest answer.
class BestGuess {
 public:
  void learn(const std::string& evidence, std::int32_t answer, double weight = 1);

  // On what was learnt itself: for a language that was learnt as a whole, the exact bound.
  Baseline bound(const std::string& name) const;

  // On other data, for counts from training data. An answer's probability is (count + p) / (all
  // counts + 1) given the evidence, where p is its share in general; that of answers in general is
  // smoothed by one.
  using Observed = std::vector<std::pair<std::string, std::int32_t>>;
  Baseline on(const Observed& data, Index answers, const std::string& name) const;

 private:
  using Weights = std::map<std::int32_t, double>;
  std::map<std::string, Weights> given_;
  Weights general_;
};

}  // namespace rapt::tasks
