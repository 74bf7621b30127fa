#pragma once
#include <memory>
#include <string>
#include <vector>

#include "examples/comparison/settings.h"
#include "examples/report/terminal.h"

namespace rapt::comparison {

// A task with what its models became.
struct Trained {
  std::unique_ptr<tasks::Task> task;
  TaskResult outcome;
};

// What every program of this kind does: builds the tasks, or prints samples of them (--show) and
// returns nothing; trains the models with a line of progress each; prints the table of results and
// the sharpest attention map; writes program.json and program.csv.
std::vector<Trained> run(const std::string& program, const Settings& settings);

// What results are drawn on: the terminal, or 100 plain columns where they must be the same in
// every run.
report::Terminal screen(const Settings& settings);

// 0, or 130 after Ctrl-C, for main.
int exit_code();

}  // namespace rapt::comparison
