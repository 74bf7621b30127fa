#pragma once
#include "examples/tasks/task.h"

namespace rapt::tasks {

// What tasks have in common whose answer is a number: the loss is the mean squared error, the
// accuracy the share of answers that are closer than a tolerance, both over the asked positions.
class NumberTask : public Task {
 public:
  explicit NumberTask(double tolerance) : tolerance_(tolerance) {}

  Variable loss(const Variable& outputs, const Batch& batch) const override;
  double accuracy(const Tensor& outputs, const Batch& batch) const override;

  // There are no symbols: a task says what stands at a position.
  std::string symbol(std::int32_t) const override { return ""; }
  std::string input_at(const Batch& batch, Index row, Index t) const override = 0;
  std::string answer_at(const Batch& batch, Index row, Index t) const override;

 private:
  double tolerance_;
};

}  // namespace rapt::tasks
