#include "examples/benchmark/peak.h"

#include <vector>

#include "examples/benchmark/measure.h"
#include "tensor/simd.h"

namespace rapt::benchmark {
namespace {

// A multiply-add takes four cycles or so, and two start in each: this many chains, none of which
// waits for another, keep both units busy and fit into the registers.
constexpr int kChains = 12;
constexpr Index kRounds = 1 << 16;

volatile Scalar used;  // the compiler must not find out that nobody wants the sums

void add_up(const simd::Vector (&sums)[kChains]) {
  simd::Vector total = sums[0];
  for (int i = 1; i < kChains; ++i) total = simd::multiply_add(simd::broadcast(1), sums[i], total);
  Scalar lanes[simd::kLanes];
  simd::store(total, lanes);
  used = lanes[0];
}

}  // namespace

double peak_flops(double budget) {
  const Step step = [] {
    simd::Vector sums[kChains] = {};
    simd::Vector a = simd::broadcast(Scalar(0.5)), b = simd::broadcast(Scalar(0.25));
    for (simd::Vector& sum : sums) simd::keep(sum);
    for (Index round = 0; round < kRounds; ++round) {
      simd::keep(a);
#pragma GCC unroll 12
      for (int i = 0; i < kChains; ++i) sums[i] = simd::multiply_add(a, b, sums[i]);
    }
    add_up(sums);
  };
  return 2.0 * kRounds * kChains * simd::kLanes / shortest_time(step, budget);
}

double read_bytes_per_second(double budget) {
  constexpr Index kBytes = Index{256} << 20;
  const std::vector<Scalar> numbers(kBytes / sizeof(Scalar), 1);
  const Step step = [&] {
    simd::Vector sums[kChains] = {};
    constexpr Index kStretch = kChains * simd::kLanes;
    const simd::Vector one = simd::broadcast(1);
    const auto count = static_cast<Index>(numbers.size()) / kStretch * kStretch;
    for (Index at = 0; at < count; at += kStretch)
      for (int i = 0; i < kChains; ++i)
        sums[i] =
            simd::multiply_add(one, simd::load(numbers.data() + at + i * simd::kLanes), sums[i]);
    add_up(sums);
  };
  return static_cast<double>(kBytes) / shortest_time(step, budget);
}

}  // namespace rapt::benchmark
