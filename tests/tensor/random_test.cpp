#include "tensor/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using testing_helpers::error;
using testing_helpers::same_bits;

// Computed once with an implementation of xoshiro256** and splitmix64 in another language.
TEST(Rng, FirstNumbersAreFixed) {
  Rng zero(0), one(1), most(~std::uint64_t{0});
  for (const std::uint64_t expected :
       {0x99ec5f36cb75f2b4u, 0xbf6e1f784956452au, 0x1a5f849d4933e6e0u})
    EXPECT_EQ(zero.next(), expected);
  for (const std::uint64_t expected :
       {0xb3f2af6d0fc710c5u, 0x853b559647364ceau, 0x92f89756082a4514u})
    EXPECT_EQ(one.next(), expected);
  for (const std::uint64_t expected :
       {0x8f5520d52a7ead08u, 0xc476a018caa1802du, 0x81de31c0d260469eu})
    EXPECT_EQ(most.next(), expected);
}

TEST(Rng, UniformNumbersFillZeroToOne) {
  Rng rng(1);
  EXPECT_EQ(rng.uniform(), static_cast<double>(0xb3f2af6d0fc710c5u >> 11) / 0x1p53);
  double least = 1, most = 0, total = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double u = rng.uniform();
    least = std::min(least, u);
    most = std::max(most, u);
    total += u;
  }
  EXPECT_GE(least, 0);
  EXPECT_LT(least, 0.001);
  EXPECT_LT(most, 1);
  EXPECT_GT(most, 0.999);
  EXPECT_NEAR(total / 100'000, 0.5, 0.005);
}

TEST(Rng, BelowIsEvenAndInRange) {
  Rng rng(2);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) {
    const Index drawn = rng.below(7);
    ASSERT_GE(drawn, 0);
    ASSERT_LT(drawn, 7);
    ++counts[drawn];
  }
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);  // 5 standard deviations
  EXPECT_EQ(rng.below(1), 0);
  EXPECT_EQ(error<ValueError>([&] { rng.below(0); }), "Rng::below: expected at least 1, got 0");
}

// With 3 * 2^61 the plain remainder would give 3/4 of its draws to the lower 2/3.
TEST(Rng, BelowIsEvenForLargeRanges) {
  Rng rng(3);
  const Index range = Index{3} << 61;
  int lower = 0;
  for (int i = 0; i < 30'000; ++i) lower += rng.below(range) < (Index{1} << 61) * 2;
  EXPECT_NEAR(lower, 20'000, 500);
}

TEST(Rng, NormalNumbersHaveTheirMoments) {
  Rng rng(4);
  const int count = 200'000;
  double sums[5] = {};
  for (int i = 0; i < count; ++i) {
    const double x = rng.normal();
    for (int power = 1; power <= 4; ++power) sums[power] += std::pow(x, power);
  }
  EXPECT_NEAR(sums[1] / count, 0, 0.012);
  EXPECT_NEAR(sums[2] / count, 1, 0.016);
  EXPECT_NEAR(sums[3] / count, 0, 0.045);
  EXPECT_NEAR(sums[4] / count, 3, 0.12);
}

TEST(Rng, ChanceIsItsProbability) {
  Rng rng(5);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += rng.chance(0.3);
  EXPECT_NEAR(hits, 30'000, 750);
  EXPECT_FALSE(rng.chance(0));
  EXPECT_TRUE(rng.chance(1));
}

TEST(Rng, AForkDoesNotDependOnWhatTheOthersDraw) {
  Rng a(6), b(6);
  Rng fork_a = a.fork(), fork_b = b.fork();
  for (int i = 0; i < 10; ++i) fork_a.next();
  EXPECT_EQ(a.next(), b.next()) << "the fork's draws reached its parent";
  a.next();
  for (int i = 0; i < 10; ++i) fork_b.next();
  EXPECT_EQ(fork_a.next(), fork_b.next());
  Rng c(6);
  Rng first = c.fork(), second = c.fork();
  const std::uint64_t drawn = first.next();
  EXPECT_NE(drawn, second.next());
  EXPECT_NE(drawn, c.next());
}

TEST(RandomTensors, HaveTheirRangeAndRepeat) {
  Rng rng(7), again(7);
  const Tensor x = uniform({50, 20}, 3, rng);
  const std::vector<Scalar> values = x.values();
  EXPECT_GE(*std::min_element(values.begin(), values.end()), -3);
  EXPECT_LT(*std::min_element(values.begin(), values.end()), -2.9);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 3);
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 2.9);
  EXPECT_TRUE(same_bits(uniform({50, 20}, 3, again), x));
  const std::vector<Scalar> normals = normal({100, 100}, 2, rng).values();
  double squares = 0;
  for (const Scalar v : normals) squares += v * v;
  EXPECT_NEAR(squares / 10'000, 4, 0.25);
}

TEST(Permutation, HoldsEachNumberOnce) {
  Rng rng(8);
  const std::vector<Index> order = permutation(1000, rng);
  std::vector<Index> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (Index i = 0; i < 1000; ++i) ASSERT_EQ(sorted[i], i);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  EXPECT_TRUE(permutation(0, rng).empty());
  EXPECT_EQ(permutation(1, rng), std::vector<Index>{0});
}

TEST(Permutation, AllOrdersAreEquallyLikely) {
  Rng rng(9);
  std::vector<int> counts(27);
  for (int i = 0; i < 12'000; ++i) {
    const std::vector<Index> p = permutation(3, rng);
    ++counts[p[0] * 9 + p[1] * 3 + p[2]];
  }
  int orders = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    EXPECT_NEAR(count, 2000, 205);  // 5 standard deviations
    ++orders;
  }
  EXPECT_EQ(orders, 6);
}

}  // namespace
}  // namespace rapt
