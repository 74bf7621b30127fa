#include "examples/image_tasks/options.h"

#include "examples/report/program.h"

namespace rapt::image_tasks {

void expect_no_clutter(const ImageTaskOptions& options, const std::string& task) {
  if (options.clutter != -1)
    throw report::UsageError(
        message("--clutter: image task ", task, " expects none, got ", options.clutter));
}

void expect_no_data(const ImageTaskOptions& options, const std::string& task) {
  if (!options.data.empty())
    throw report::UsageError(
        message("--data: image task ", task, " expects none, got '", options.data, "'"));
}

}  // namespace rapt::image_tasks
