#pragma once
#include <string>

#include "examples/tasks/task.h"

namespace rapt::tasks {

// What --length says, or `otherwise` if it is not given. Throws report::UsageError
// "--length: task cipher expects 5 to 64, got 999".
Index length_of(const TaskOptions& options, const std::string& task, Index otherwise, Index least,
                Index most);

// For tasks whose sequences have the length they have. Throws report::UsageError.
void expect_no_length(const TaskOptions& options, const std::string& task);

}  // namespace rapt::tasks
