#include "optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/errors.h"

namespace rapt::optim {
namespace {

void expect_steps(const char* schedule, Index step, Index warmup) {
  if (step < 0 || warmup < 0)
    throw ValueError(
        message(schedule, ": step and warm-up must be at least 0, got ", step, " and ", warmup));
}

}  // namespace

double linear_warmup(Index step, Index warmup) {
  expect_steps("linear_warmup", step, warmup);
  return step >= warmup ? 1 : static_cast<double>(step + 1) / static_cast<double>(warmup);
}

double cosine(Index step, Index total, Index warmup, double floor) {
  expect_steps("cosine", step, warmup);
  if (total < warmup)
    throw ValueError(message("cosine: total ", total, " is below warm-up ", warmup));
  if (step < warmup) return 1;
  if (step >= total) return floor;
  const double done = static_cast<double>(step - warmup) / static_cast<double>(total - warmup);
  return floor + (1 - floor) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

double inverse_square_root(Index step, Index warmup) {
  expect_steps("inverse_square_root", step, warmup);
  return std::sqrt(static_cast<double>(std::max<Index>(warmup, 1)) /
                   static_cast<double>(std::max(warmup, step + 1)));
}

}  // namespace rapt::optim
