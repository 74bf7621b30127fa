#pragma once
#include <string>
#include <vector>

#include "examples/comparison/contest.h"
#include "examples/report/terminal.h"

namespace rapt::comparison {

// The contest as people read it and as programs read it.
// Figures, then a verdict per task. Times differ from run to run and can be left out.
std::string table(const std::vector<TaskResult>& outcomes, bool times = true);
// How the comparison was made, and how far apart the models are in size.
std::string fairness(const std::vector<TaskResult>& outcomes, const Rules& rules);
std::string drawing(const TaskResult& outcome, const report::Terminal& terminal);
std::string json(const std::vector<TaskResult>& outcomes, const Rules& rules);
std::string csv(const std::vector<TaskResult>& outcomes);  // one line per training step

}  // namespace rapt::comparison
