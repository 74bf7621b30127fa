#pragma once
#include <string>

#include "examples/comparison/contest.h"

namespace rapt::comparison {

// One line that says what the numbers say: who is ahead and by how much, who solved the task, who
// stayed at the baseline. Models whose accuracy differs by less than a point and whose loss by less
// than 2 % are called level.
std::string verdict(const TaskResult& outcome);

}  // namespace rapt::comparison
