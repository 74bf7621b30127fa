#pragma once
#include "examples/benchmark/case.h"

namespace rapt::benchmark {

// The median time of one step in seconds, over repetitions for `budget` seconds and seven at least.
// Short steps are timed in groups of at least 0.2 ms, because a clock has its own cost and grain.
double median_time(const Step& step, double budget);

// The shortest: what a machine can do, if for once nobody disturbs it.
double shortest_time(const Step& step, double budget);

}  // namespace rapt::benchmark
