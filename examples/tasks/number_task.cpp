#include "examples/tasks/number_task.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops.h"
#include "examples/report/numbers.h"

namespace rapt::tasks {

Variable NumberTask::loss(const Variable& outputs, const Batch& batch) const {
  Tensor asked(batch.values.shape());
  Scalar count = 0;
  for (Index i = 0; i < asked.size(); ++i) {
    asked.data()[i] = is_asked(batch.targets.values[static_cast<std::size_t>(i)]) ? 1 : 0;
    count += asked.data()[i];
  }
  const Variable error = (reshape(outputs, asked.shape()) - batch.values) * asked;
  return sum(error * error) / std::max<Scalar>(count, 1);
}

double NumberTask::accuracy(const Tensor& outputs, const Batch& batch) const {
  Index asked = 0, close = 0;
  for (Index i = 0; i < outputs.size(); ++i) {
    if (!is_asked(batch.targets.values[static_cast<std::size_t>(i)])) continue;
    ++asked;
    close += std::abs(outputs.data()[i] - batch.values.data()[i]) < tolerance_ ? 1 : 0;
  }
  return asked == 0 ? 0 : static_cast<double>(close) / static_cast<double>(asked);
}

std::string NumberTask::answer_at(const Batch& batch, Index row, Index t) const {
  return report::fixed(batch.values.at({row, t}), 2);
}

}  // namespace rapt::tasks
