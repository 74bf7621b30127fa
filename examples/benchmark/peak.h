#pragma once

namespace rapt::benchmark {

// What one core can do at best, measured: the two limits of [Eq 17.1]. Each takes about `budget`
// seconds.
double peak_flops(double budget);             // multiply-adds count twice, per second
double read_bytes_per_second(double budget);  // of numbers that lie in no cache

}  // namespace rapt::benchmark
