#include "examples/tasks/options.h"

#include "examples/report/program.h"

namespace rapt::tasks {

Index length_of(const TaskOptions& options, const std::string& task, Index otherwise, Index least,
                Index most) {
  if (options.length == 0) return otherwise;
  if (options.length < least || options.length > most)
    throw report::UsageError(message("--length: task ", task, " expects ", least, " to ", most,
                                     ", got ", options.length));
  return options.length;
}

void expect_no_length(const TaskOptions& options, const std::string& task) {
  if (options.length > 0)
    throw report::UsageError(
        message("--length: task ", task, " expects none, got ", options.length));
}

}  // namespace rapt::tasks
