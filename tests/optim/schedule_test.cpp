#include "optim/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using optim::cosine;
using optim::inverse_square_root;
using optim::linear_warmup;

TEST(LinearWarmup, ByHand) {
  const double expected[] = {0.25, 0.5, 0.75, 1, 1, 1};
  for (Index step = 0; step < 6; ++step)
    EXPECT_DOUBLE_EQ(linear_warmup(step, 4), expected[step]) << "step " << step;
  EXPECT_EQ(linear_warmup(0, 0), 1) << "no warm-up";
}

TEST(Cosine, ByHand) {
  const double root = std::sqrt(0.5);
  const double expected[] = {1, (1 + root) / 2, 0.5, (1 - root) / 2, 0, 0};
  for (Index step = 0; step < 6; ++step)
    EXPECT_NEAR(cosine(step, 4), expected[step], 1e-15) << "step " << step;
}

TEST(Cosine, BeginsAfterTheWarmupAndEndsAtTheFloor) {
  const double expected[] = {1, 1, 1, 0.55, 0.1, 0.1};
  for (Index step = 0; step < 6; ++step)
    EXPECT_NEAR(cosine(step, 4, 2, 0.1), expected[step], 1e-15) << "step " << step;
  EXPECT_EQ(cosine(7, 7, 7, 0.5), 0.5);
}

TEST(InverseSquareRoot, ByHand) {
  const double expected[] = {1, 1, 1, 1, std::sqrt(0.8), std::sqrt(4.0 / 6)};
  for (Index step = 0; step < 6; ++step)
    EXPECT_DOUBLE_EQ(inverse_square_root(step, 4), expected[step]) << "step " << step;
  EXPECT_DOUBLE_EQ(inverse_square_root(15, 4), 0.5);
  EXPECT_DOUBLE_EQ(inverse_square_root(3, 0), 0.5) << "no warm-up";
}

TEST(Schedules, RefuseNegativeStepsAndAWarmupBeyondTheTotal) {
  EXPECT_EQ(refusal<ValueError>([] { linear_warmup(-1, 4); }),
            "linear_warmup: step and warm-up must be at least 0, got -1 and 4");
  EXPECT_EQ(refusal<ValueError>([] { linear_warmup(1, -4); }),
            "linear_warmup: step and warm-up must be at least 0, got 1 and -4");
  EXPECT_EQ(refusal<ValueError>([] { cosine(-1, 4); }),
            "cosine: step and warm-up must be at least 0, got -1 and 0");
  EXPECT_EQ(refusal<ValueError>([] { cosine(1, 4, 5); }), "cosine: total 4 is below warm-up 5");
  EXPECT_EQ(refusal<ValueError>([] { inverse_square_root(1, -1); }),
            "inverse_square_root: step and warm-up must be at least 0, got 1 and -1");
}

}  // namespace
}  // namespace rapt
