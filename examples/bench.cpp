// How fast? Times whole training steps, single operations and matrix products, and prints one JSON
// line for each; with --peak, how near the products come to what the core can do.
#include <algorithm>
#include <cstdio>

#include "examples/benchmark/case.h"
#include "examples/benchmark/measure.h"
#include "examples/benchmark/peak.h"
#include "examples/report/flags.h"
#include "examples/report/table.h"
#include "tensor/errors.h"
#include "tensor/parallel.h"

using namespace rapt;
using benchmark::Case;

namespace {

struct Wanted {
  std::string name, part;
  int threads = 1;
  double budget = 1;
  bool list = false, peak = false;
};

std::vector<Case> chosen(const Wanted& wanted) {
  std::vector<Case> cases = benchmark::all_cases();
  std::erase_if(cases, [&](const Case& c) {
    return (!wanted.name.empty() && c.name != wanted.name) ||
           c.name.find(wanted.part) == std::string::npos || (wanted.peak && c.flops == 0);
  });
  if (cases.empty())
    throw report::UsageError(
        message("--case and --only: expected what `bench --list` names, got ",
                wanted.name.empty() ? "a part '" + wanted.part : "'" + wanted.name, "'"));
  return cases;
}

void time_each(const Wanted& wanted) {
  for (const Case& c : chosen(wanted)) {
    const double seconds = benchmark::median_time(c.make(), wanted.budget);
    std::printf("{\"name\": \"%s\", \"threads\": %d, \"ms\": %s}\n", c.name.c_str(), wanted.threads,
                report::significant(seconds * 1e3, 5).c_str());
    std::fflush(stdout);
  }
}

// Each product against the multiply-adds that as many cores can do.
void compare_with_peak(const Wanted& wanted) {
  const std::vector<Case> cases = chosen(wanted);
  const double core = benchmark::peak_flops(wanted.budget);
  std::printf(
      "peak of one core: %s GFLOP/s (two for each multiply-add), reads %s GB/s\n",
      report::significant(core / 1e9, 4).c_str(),
      report::significant(benchmark::read_bytes_per_second(wanted.budget) / 1e9, 3).c_str());
  const double peak = core * wanted.threads;
  report::Table table({"product", "ms", "GFLOP/s", "of the peak"});
  for (const Case& c : cases) {
    const double seconds = benchmark::median_time(c.make(), wanted.budget);
    const double rate = c.flops / seconds;
    table.row({c.name, report::significant(seconds * 1e3, 4), report::significant(rate / 1e9, 4),
               report::percent(rate / peak, 0)});
  }
  std::printf("%s", table.text().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return report::guarded("bench", [&] {
    Wanted wanted;
    report::Flags flags("bench", "Times training steps, operations and matrix products.");
    flags.toggle("--list", &wanted.list, "the names of the cases, and no more");
    flags.option("--case", "NAME", &wanted.name, "this case alone");
    flags.option("--only", "TEXT", &wanted.part, "the cases whose names hold TEXT");
    flags.option("--threads", "N", &wanted.threads, "threads to work with", 1, 1024);
    flags.option("--budget", "SECONDS", &wanted.budget, "time to spend on each case", 0.001, 3600);
    flags.toggle("--peak", &wanted.peak,
                 "measure the core, and each matrix product as a share of its peak");
    flags.parse(argc, argv);
    set_thread_count(wanted.threads);
    if (wanted.list)
      for (const Case& c : chosen(wanted)) std::printf("%s\n", c.name.c_str());
    else
      wanted.peak ? compare_with_peak(wanted) : time_each(wanted);
    return 0;
  });
}
