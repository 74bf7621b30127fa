#include "examples/tasks/task.h"

#include <algorithm>

#include "nn/loss.h"

namespace rapt::tasks {
namespace {

std::vector<TaskEntry>& entries() {
  static std::vector<TaskEntry> all;
  return all;
}

}  // namespace

bool Task::is_asked(std::int32_t target) const { return target != nn::kIgnored; }

bool register_task(TaskEntry entry) {
  entries().push_back(std::move(entry));
  // The order in which files register is up to the linker.
  std::sort(entries().begin(), entries().end(),
            [](const TaskEntry& a, const TaskEntry& b) { return a.name < b.name; });
  return true;
}

const std::vector<TaskEntry>& all_tasks() { return entries(); }

const TaskEntry& find_task(const std::string& name) {
  for (const TaskEntry& entry : entries())
    if (entry.name == name) return entry;
  throw ValueError("find_task: there is no task '" + name + "'");
}

}  // namespace rapt::tasks
