#include "tensor/matmul.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "tensor/elementwise.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

// The definition: each element one sum of fused products in the order of k, so equal to the bit.
Tensor slow_matmul(const Tensor& a, const Tensor& b, const Shape& shape) {
  const std::size_t rank = static_cast<std::size_t>(shape.rank());
  const auto read = [&](const Tensor& x, const Position& p, Index row, Index column) {
    Position at_x;
    const std::size_t skip = rank - static_cast<std::size_t>(x.rank());
    for (std::size_t i = skip; i + 2 < rank; ++i)
      at_x.push_back(x.dim(static_cast<Index>(i - skip)) == 1 ? 0 : p[i]);
    at_x.push_back(row);
    at_x.push_back(column);
    return at(x, at_x);
  };
  return made(shape, [&](const Position& p) {
    Scalar total = 0;
    for (Index k = 0; k < a.dim(-1); ++k)
      total = std::fma(read(a, p, p[rank - 2], k), read(b, p, k, p[rank - 1]), total);
    return total;
  });
}

TEST(Matmul, AgreesWithASlowLoop) {
  struct Case {
    Tensor a, b;
    Shape shape;
  };
  for (const auto& [a, b, shape] : std::vector<Case>{
           {random({3, 4}), random({4, 2}), {3, 2}},
           {random({1, 1}), random({1, 1}), {1, 1}},
           {random({37, 29}), random({29, 41}), {37, 41}},
           {random({2, 5, 3, 4}), random({2, 5, 4, 6}), {2, 5, 3, 6}},
           {random({2, 3, 4}), random({4, 5}), {2, 3, 5}},
           {random({3, 4}), random({2, 4, 5}), {2, 3, 5}},
           {random({3, 1, 2, 4}), random({2, 4, 3}), {3, 2, 2, 3}},
           {random({1, 2, 4}), random({5, 4, 2}), {5, 2, 2}},
           {random({4, 3}).transpose(), random({2, 4}).transpose(), {3, 2}},
           {random({2, 3, 5, 4}).transpose(1, 2),
            random({2, 5, 4, 6}).slice(1, 0, 1),
            {2, 5, 3, 6}},
           {random({2, 9, 8}).slice(1, 2, 5).slice(2, 1, 5),
            random({7, 6}).slice(0, 3, 7),
            {2, 3, 6}},
           {random({2, 4, 3}).transpose(), random({4, 5}), {2, 3, 5}},
           {random({4}).reshape({1, 4}).expand({3, 4}), random({4, 1}).expand({4, 5}), {3, 5}},
           {random({2, 1, 8, 4}).expand({2, 3, 8, 4}),
            random({2, 3, 8, 4}).transpose(),
            {2, 3, 8, 8}},
           {Tensor({0, 4}), random({4, 2}), {0, 2}},
           {Tensor({3, 0}), Tensor({0, 2}), {3, 2}},
           {Tensor({0, 3, 4}), random({4, 2}), {0, 3, 2}},
           {Tensor({2, 3, 0}), Tensor({0, 2}), {2, 3, 2}}})
    EXPECT_TRUE(same_bits(matmul(a, b), slow_matmul(a, b, shape)))
        << to_string(a.shape()) << " x " << to_string(b.shape());
}

TEST(Matmul, PlusABiasIsTheSumOfBoth) {
  const Tensor a = random({2, 5, 4}), b = random({4, 7}), bias = random({7});
  const Tensor product = matmul(a, b), sum = matmul_plus(a, b, bias);
  EXPECT_TRUE(same_bits(
      sum, made({2, 5, 7}, [&](const Position& p) { return at(product, p) + at(bias, {p[2]}); })));
  // One number, whole tiles and ragged ones, and sums that are made in several stretches.
  for (const auto& [m, k, n] : std::vector<std::array<Index, 3>>{
           {1, 1, 1}, {6, 3, 16}, {70, 5, 32}, {64, 900, 40}, {97, 1200, 135}, {9, 0, 17}}) {
    const Tensor x = random({m, k}), y = random({k, n}), last = random({n});
    EXPECT_TRUE(same_bits(matmul_plus(x, y, last), zip("+", matmul(x, y), last, std::plus{})))
        << m << " x " << k << " x " << n;
  }
  EXPECT_THROW(matmul_plus(a, b, random({4})), ShapeError);
  EXPECT_THROW(matmul_plus(a, b, random({1, 7})), ShapeError);
}

TEST(Matmul, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error<ShapeError>([] {
              matmul(Tensor({2, 5, 8}), Tensor({2, 5, 8}));
            }),
            "matmul: inner dimensions differ: [2, 5, 8] x [2, 5, 8] (8 vs 5); did you mean "
            "transpose(b)?");
  EXPECT_EQ(error<ShapeError>([] {
              matmul(Tensor({2, 5}), Tensor({4, 3}));
            }),
            "matmul: inner dimensions differ: [2, 5] x [4, 3] (5 vs 4)");
  EXPECT_EQ(error<ShapeError>([] {
              matmul(Tensor({3}), Tensor({3, 2}));
            }),
            "matmul: both sides need two axes or more: [3] x [3, 2]");
  EXPECT_EQ(error<ShapeError>([] {
              matmul(Tensor({2, 3, 4}), Tensor({5, 4, 3}));
            }),
            "matmul: the axes in front do not broadcast: [2, 3, 4] x [5, 4, 3] ([2] vs [5])");
}

}  // namespace
}  // namespace rapt
