#pragma once

namespace rapt::benchmark {

// What the core can do at best, measured. Both take about `budget` seconds and count one core.
double peak_flops(double budget);             // multiply-adds count twice, per second
double read_bytes_per_second(double budget);  // of numbers that lie in no cache

}  // namespace rapt::benchmark
