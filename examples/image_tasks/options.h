#pragma once
#include <string>

#include "examples/image_tasks/image_task.h"

namespace rapt::image_tasks {

// For tasks that cannot be told so. Throw report::UsageError
// "--clutter: image task cue expects none, got 8", "--data: image task cue expects none, got 'x'".
void expect_no_clutter(const ImageTaskOptions& options, const std::string& task);
void expect_no_data(const ImageTaskOptions& options, const std::string& task);

}  // namespace rapt::image_tasks
