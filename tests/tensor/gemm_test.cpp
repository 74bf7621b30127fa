#include "tensor/gemm.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "tensor/parallel.h"
#include "tensor/simd.h"

namespace rapt {
namespace {

using Bits = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;

// Numbers of very different size, so that another order of the sum shows in its last bits.
std::vector<Scalar> numbers(Index count, unsigned seed) {
  std::mt19937 engine(seed);
  std::vector<Scalar> values(count);
  for (Scalar& v : values) {
    const unsigned bits = engine();
    v = std::ldexp(static_cast<Scalar>(bits % 65536) / 32768 - 1, static_cast<int>(bits >> 28));
  }
  return values;
}

// What gemm.h promises, word for word.
void plain_loop(const Product& p, Index m, Index k, Index n, Strides a, Strides b) {
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) {
      Scalar sum = 0;
      for (Index l = 0; l < k; ++l) {
        const Scalar x = p.a[i * a.row + l * a.column], y = p.b[l * b.row + j * b.column];
        sum = simd::kFused ? std::fma(x, y, sum) : sum + x * y;
      }
      p.c[i * n + j] = sum;
    }
  }
}

// A matrix in the middle of a larger memory, at the distance `pad` from row to row.
Strides lying(bool transposed, Index rows, Index columns, Index pad) {
  return transposed ? Strides{1, rows + pad} : Strides{columns + pad, 1};
}

Index extent(Strides s, Index rows, Index columns) {
  return rows && columns ? (rows - 1) * s.row + (columns - 1) * s.column + 1 : 0;
}

// Runs both on `count` products and compares every bit, those around the result included. The
// operands have exactly the size they need, for the address sanitizer to see a read beyond them.
void expect_equal(Index count, Index m, Index k, Index n, Strides a, Strides b,
                  bool with_bias = false) {
  const Index size_a = extent(a, m, k), size_b = extent(b, k, n), size_c = m * n;
  const std::vector<Scalar> in_a = numbers(count * size_a, 1), in_b = numbers(count * size_b, 2);
  const Scalar untouched = std::numeric_limits<Scalar>::quiet_NaN();
  std::vector<Scalar> got(count * size_c + 1, untouched), expected(got);
  const std::vector<Scalar> bias = numbers(n, 3);
  std::vector<Product> batch;
  for (Index i = 0; i < count; ++i) {
    batch.push_back({in_a.data() + i * size_a, in_b.data() + i * size_b, got.data() + i * size_c});
    plain_loop({batch[i].a, batch[i].b, expected.data() + i * size_c}, m, k, n, a, b);
  }
  if (with_bias)
    for (Index i = 0; i < count * size_c; ++i) expected[i] += bias[i % n];
  gemm(batch, m, k, n, a, b, with_bias ? bias.data() : nullptr);
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(std::bit_cast<Bits>(got[i]), std::bit_cast<Bits>(expected[i]))
        << "element " << i << ": got " << got[i] << ", expected " << expected[i] << "; " << count
        << " x [" << m << ", " << k << "] x [" << k << ", " << n << "], strides (" << a.row << ", "
        << a.column << ") and (" << b.row << ", " << b.column << "), " << thread_count()
        << " threads" << (with_bias ? ", with a bias" : "");
  }
}

void expect_equal_all_ways(Index count, Index m, Index k, Index n, Index pad) {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      expect_equal(count, m, k, n, lying(ta, m, k, pad), lying(tb, k, n, pad));
}

class Gemm : public testing::Test {
  void TearDown() override { set_thread_count(threads_); }
  const int threads_ = thread_count();
};

TEST_F(Gemm, AddsInTheOrderOfTheTextbookLoopForAllSmallSizes) {
  for (const Index m : {1, 2, 3, 5, 6, 7, 12, 13, 16, 31, 65})
    for (const Index k : {1, 2, 3, 5, 15, 16, 17, 31, 33, 64})
      for (const Index n : {1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 65, 100})
        expect_equal_all_ways(1, m, k, n, 0);
}

TEST_F(Gemm, AddsInThatOrderAcrossTheBlocks) {
  for (const Index m : {1, 5, 130, 193})
    for (const Index k : {100, 257, 520})
      for (const Index n : {1, 17, 130, 300}) expect_equal_all_ways(1, m, k, n, 0);
}

// Few rows have wide panels, many are cut into parts; long sums into stretches (1024, in the wide
// panels 256 or 512); wide results into blocks: sizes on both sides of each of them.
TEST_F(Gemm, AddsInThatOrderOnBothSidesOfEveryBorder) {
  for (const Index m : {1, 2, 4, 48, 96, 97})
    for (const Index k : {96, 97, 256, 257, 384, 385, 512, 513, 1024, 1025})
      for (const Index n : {63, 65, 128, 129}) expect_equal_all_ways(1, m, k, n, 0);
  for (const Index n : {511, 512, 513, 530}) expect_equal_all_ways(1, 50, 390, n, 0);
  for (const Index m : {1535, 1537}) expect_equal_all_ways(1, m, 20, 17, 0);
}

// Sums of up to 512 take twice the columns, which fill the room for b; the copy of a lies behind
// it. With one thread, because for two the block would be cut.
TEST_F(Gemm, AddsInThatOrderWhereTheRoomForBIsFull) {
  set_thread_count(1);
  for (const Index k : {511, 512, 513})
    for (const Index n : {255, 256, 257, 512}) expect_equal_all_ways(1, 200, k, n, 0);
}

// Several parts of a, stretches, blocks and panels, each with a rest.
TEST_F(Gemm, AddsInThatOrderWhereEverythingIsCut) {
  expect_equal_all_ways(1, 200, 2100, 300, 0);
  expect_equal_all_ways(2, 100, 1030, 130, 1100);
}

TEST_F(Gemm, AddsABiasToSumsThatAreComplete) {
  for (const Index m : {1, 7, 130})
    for (const Index k : {0, 5, 97, 520, 1030})
      for (const Index n : {1, 17, 64, 270, 530})
        expect_equal(2, m, k, n, lying(false, m, k, 0), lying(true, k, n, 3), true);
}

TEST_F(Gemm, ReadsMatricesWithGapsBetweenTheirRows) {
  for (const Index size : {3, 17, 40, 130}) expect_equal_all_ways(1, size, size + 1, size + 2, 5);
  expect_equal_all_ways(1, 200, 300, 270, 900);
}

TEST_F(Gemm, ReadsAnyStrides) {
  for (const Index size : {1, 5, 33, 130}) {
    expect_equal(1, size, size, size, {2 * size, 2}, {3 * size, 3});  // every other column
    expect_equal(1, size, size, size, {2, 2 * size}, {3, 3 * size});  // the same, transposed
    for (const Strides repeated : {Strides{0, 1}, Strides{1, 0}, Strides{0, 0}}) {
      expect_equal(1, size, size, size, repeated, {size, 1});
      expect_equal(1, size, size, size, {1, size}, repeated);
    }
  }
  expect_equal(1, 200, 300, 300, {0, 1}, {0, 1});
  expect_equal(1, 200, 300, 300, {1, 0}, {1, 0});
}

TEST_F(Gemm, EmptySumsAreZeroAndEmptyResultsAreLeftAlone) {
  expect_equal_all_ways(1, 3, 0, 70, 0);
  expect_equal_all_ways(3, 20, 0, 5, 0);
  expect_equal_all_ways(1, 50, 0, 1, 0);
  expect_equal_all_ways(2, 0, 4, 4, 0);
  expect_equal_all_ways(2, 4, 4, 0, 0);
  expect_equal_all_ways(0, 4, 4, 4, 0);
}

TEST_F(Gemm, KeepsTheSignOfZeroAndCarriesInfinityAndNaN) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Scalar a[] = {Scalar(-0.0), infinity}, b[] = {1, 0};
  Scalar c[4];
  gemm(std::vector<Product>{{a, b, c}}, 2, 1, 2, {1, 1}, {2, 1});
  EXPECT_FALSE(std::signbit(c[0]));  // 0 + (-0 * 1) is +0
  EXPECT_EQ(c[2], infinity);
  EXPECT_TRUE(std::isnan(c[3])) << c[3];
}

TEST_F(Gemm, HasTheSameBitsForAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    expect_equal_all_ways(1, 400, 70, 300, 0);
    expect_equal_all_ways(1, 130, 400, 190, 0);
    expect_equal_all_ways(1, 3, 700, 1100, 0);
    expect_equal_all_ways(1, 1, 300, 1030, 0);
    expect_equal_all_ways(1, 2000, 33, 1, 3);
    expect_equal_all_ways(100, 32, 16, 32, 0);
    expect_equal_all_ways(7, 65, 31, 130, 2);
  }
}

// Much work on few rows and columns: there may be fewer blocks than threads.
TEST_F(Gemm, CutsSmallResultsOfLongSumsNoFurtherThanATile) {
  for (const int threads : {2, 8}) {
    set_thread_count(threads);
    expect_equal_all_ways(1, 12, 16384, 16, 0);
    expect_equal_all_ways(1, 64, 1024, 64, 0);
    expect_equal_all_ways(1, 3, 16384, 64, 0);
    expect_equal_all_ways(1, 130, 16384, 3, 0);
  }
}

}  // namespace
}  // namespace rapt
