#include "examples/tasks/task.h"

#include "examples/report/text.h"
#include "nn/loss.h"
#include "tensor/reduce.h"

namespace rapt::tasks {
namespace {

Registry<TaskEntry>& registry() {
  static Registry<TaskEntry> all("task");
  return all;
}

}  // namespace

Batch Task::probe(std::size_t which, Index, Rng&) const {
  throw ValueError(message("Task::probe: there is no probe ", which));
}

Variable Task::loss(const Variable& outputs, const Batch& batch) const {
  return nn::cross_entropy(outputs, batch.targets);
}

double Task::accuracy(const Tensor& outputs, const Batch& batch) const {
  const Ids answers = argmax(outputs);
  const bool whole = sizes().translates();
  Index asked = 0, right = 0;
  const std::size_t positions = static_cast<std::size_t>(batch.targets.shape[1]);
  for (std::size_t row = 0; row < batch.targets.values.size(); row += positions) {
    Index row_asked = 0, row_right = 0;
    for (std::size_t i = row; i < row + positions; ++i) {
      if (!is_asked(batch.targets.values[i])) continue;
      ++row_asked;
      row_right += answers.values[i] == batch.targets.values[i] ? 1 : 0;
    }
    asked += whole ? 1 : row_asked;
    right += whole ? (row_right == row_asked ? 1 : 0) : row_right;
  }
  return asked == 0 ? 0 : static_cast<double>(right) / static_cast<double>(asked);
}

bool Task::is_asked(std::int32_t target) const { return target != nn::kIgnored; }

std::string Task::input_at(const Batch& batch, Index row, Index t) const {
  return symbol(batch.inputs.values[static_cast<std::size_t>(row * batch.inputs.shape[1] + t)]);
}

std::string Task::answer_at(const Batch& batch, Index row, Index t) const {
  return answer(batch.targets.values[static_cast<std::size_t>(row * batch.targets.shape[1] + t)]);
}

std::string sample(const Task& task, const Batch& batch, Index row) {
  const auto joined = [](const std::vector<std::string>& parts) {
    bool narrow = true;  // single characters stand close together
    for (const std::string& part : parts) narrow = narrow && report::display_units(part).size() < 2;
    std::string text;
    for (const std::string& part : parts) text += (text.empty() || narrow ? "" : " ") + part;
    return report::on_one_line(text);
  };
  const Index steps = batch.features.size() > 0 ? batch.features.dim(1) : batch.inputs.shape[1];
  const Index length = batch.lengths.empty() ? steps : batch.lengths[static_cast<std::size_t>(row)];
  std::vector<std::string> input, answer;
  for (Index t = 0; t < length; ++t) input.push_back(task.input_at(batch, row, t));
  for (Index t = 0; t < batch.targets.shape[1]; ++t) {
    const std::int32_t target =
        batch.targets.values[static_cast<std::size_t>(row * batch.targets.shape[1] + t)];
    if (!task.is_asked(target) || (task.sizes().translates() && target == kEnd)) continue;
    answer.push_back(task.answer_at(batch, row, t));
  }
  return joined(input) + "  >  " + joined(answer);
}

bool register_task(TaskEntry entry) { return registry().add(std::move(entry)); }
const std::vector<TaskEntry>& all_tasks() { return registry().all(); }
const TaskEntry& find_task(const std::string& name) { return registry().find(name); }

}  // namespace rapt::tasks
