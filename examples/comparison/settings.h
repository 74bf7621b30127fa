#pragma once
#include <optional>
#include <string>
#include <vector>

#include "examples/comparison/contest.h"
#include "examples/report/flags.h"
#include "tensor/parallel.h"

namespace rapt::comparison {

// What the programs that train models on tasks can be told. Each program has its own defaults.
struct Settings {
  std::vector<std::string> tasks, models;
  Rules rules = {};
  tasks::TaskOptions task = {};
  double rate = 0;  // learning rate of every model; 0: found by a race
  Index show = 0;   // samples to print instead of training
  int threads = thread_count();
  bool quick = false;
  bool untimed = false;         // print nothing that differs from run to run
  std::string out = "results";  // empty: nowhere
};

// The flags of all these programs; `form` leaves only tasks of one form. A program may declare more
// before it parses.
report::Flags flags_of(const std::string& program, const std::string& purpose, Settings& settings,
                       std::optional<tasks::Form> form = std::nullopt);

// Parses, and refuses what does not fit together.
void parse(report::Flags& flags, Settings& settings, int argc, char** argv);

}  // namespace rapt::comparison
