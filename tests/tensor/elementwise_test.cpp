#include "tensor/elementwise.h"

#include <gtest/gtest.h>

#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

// The same shape [3, 4, 5] seen in every way a tensor can lie in memory, and a large, a rank 0 and
// an empty one.
std::vector<Tensor> layouts() {
  return {random({3, 4, 5}),
          random({3, 5, 4}).transpose(),
          random({5, 3, 4}).permute({1, 2, 0}),
          random({4, 6, 7}).slice(0, 1, 4).slice(1, 2, 6).slice(2, 0, 5),
          random({4, 1}).expand({3, 4, 5}),
          random({3, 1, 5}).expand({3, 4, 5}),
          random({}).expand({3, 4, 5}),
          random({1, 3, 1, 4, 5}).slice(0, 0, 1).reshape({3, 4, 5})};
}

std::vector<Tensor> odd_ones() {
  return {random({}),
          random({1, 1}),
          Tensor({3, 0, 2}),
          Tensor({0}),
          random({200, 300}).transpose(),
          random({40'000}),
          random({2, 40'000}).slice(0, 1, 2)};
}

TEST(Map, VisitsEveryElementOfAnyLayout) {
  const auto f = [](Scalar v) { return 2 * v + 1; };
  std::vector<Tensor> all = layouts();
  for (const Tensor& x : odd_ones()) all.push_back(x);
  for (const Tensor& x : all) {
    const Tensor y = map(x, f);
    EXPECT_TRUE(y.is_contiguous());
    EXPECT_TRUE(same(y, made(x.shape(), [&](const Position& p) { return f(at(x, p)); })));
  }
}

TEST(Zip, PairsEveryTwoLayouts) {
  const auto f = [](Scalar a, Scalar b) { return a - 2 * b; };
  for (const Tensor& a : layouts())
    for (const Tensor& b : layouts())
      EXPECT_TRUE(same(zip("f", a, b, f),
                       made(a.shape(), [&](const Position& p) { return f(at(a, p), at(b, p)); })));
  for (const Tensor& a : odd_ones())
    EXPECT_TRUE(same(zip("f", a, Tensor(Shape{}, 3), f),
                     made(a.shape(), [&](const Position& p) { return f(at(a, p), 3); })));
}

TEST(Zip, Broadcasts) {
  const Tensor a = random({4, 1, 3}), b = random({2, 1}, 2);
  EXPECT_TRUE(same(zip("f", a, b, [](Scalar p, Scalar q) { return p * q; }),
                   made({4, 2, 3}, [&](const Position& p) {
                     return at(a, {p[0], 0, p[2]}) * at(b, {p[1], 0});
                   })));
  EXPECT_EQ(error<ShapeError>([&] { zip("mul", a, Tensor({2}), std::plus<Scalar>()); }),
            "mul: cannot broadcast [4, 1, 3] with [2] (axis -1: 3 vs 2)");
}

TEST(Where, ChoosesAndNeverMixes) {
  const Scalar nan = std::nan("");
  EXPECT_TRUE(
      same(where(Tensor({3}, {1, 0, -2}), Tensor({3}, {1, nan, 3}), Tensor({3}, {nan, 5, nan})),
           Tensor({3}, {1, 5, 3})));
  for (const Tensor& a : layouts())
    for (const Tensor& b : layouts()) {
      const Tensor condition = map(random({4, 5}, 3), [](Scalar v) { return Scalar(v > 0); });
      EXPECT_TRUE(same(where(condition, a, b), made(a.shape(), [&](const Position& p) {
                         return at(condition, {p[1], p[2]}) != 0 ? at(a, p) : at(b, p);
                       })));
    }
  const Tensor mask = map(random({200, 300}, 3), [](Scalar v) { return Scalar(v > 0); });
  const Tensor x = random({200, 300});
  EXPECT_TRUE(same(where(mask, x, Tensor(Shape{}, -1)), made(x.shape(), [&](const Position& p) {
                     return at(mask, p) != 0 ? at(x, p) : -1;
                   })));
  EXPECT_EQ(error<ShapeError>([] { where(Tensor({2}), Tensor({3}), Tensor({3})); }),
            "where: cannot broadcast [2] with [3] (axis -1: 2 vs 3)");
}

TEST(Assign, FillsAPartThroughItsStrides) {
  for (const Tensor& x : layouts()) {
    const Tensor target({5, 5, 6}, -1);
    const Tensor part = target.slice(0, 1, 4).slice(1, 0, 4).slice(2, 1, 6);
    assign(part, x);
    EXPECT_TRUE(same(part, x));
    EXPECT_EQ(at(target, {0, 0, 0}), -1);
    EXPECT_EQ(at(target, {1, 4, 1}), -1);
  }
  const Tensor columns({300, 200});
  assign(columns.transpose(), random({200, 300}));
  EXPECT_TRUE(same(columns.transpose(), random({200, 300})));
}

// The slow adjoint of expand: every element of x is added where it was read from.
Tensor slow_sum_to(const Tensor& x, const Shape& shape) {
  std::vector<double> sums(static_cast<std::size_t>(element_count(shape)), 0);
  const Shape steps = row_major_strides(shape);
  for_each(x.shape(), [&](const Position& p) {
    Index offset = 0;
    for (Index axis = 0; axis < shape.rank(); ++axis)
      if (shape[axis] != 1) offset += p[axis + x.rank() - shape.rank()] * steps[axis];
    sums[offset] += at(x, p);
  });
  return Tensor(shape, std::vector<Scalar>(sums.begin(), sums.end()));
}

TEST(SumTo, IsTheAdjointOfExpand) {
  for (const Tensor& x : layouts())
    for (const Shape& shape : {Shape{}, Shape{5}, Shape{4, 1}, Shape{1, 5}, Shape{3, 1, 1},
                               Shape{3, 1, 5}, Shape{1, 4, 5}, Shape{3, 4, 5}, Shape{1, 1, 1}})
      EXPECT_TRUE(same(sum_to(x, shape), slow_sum_to(x, shape), kRounding)) << to_string(shape);
}

TEST(SumTo, CutsLargeInputsRightly) {
  for (const Tensor& x :
       {random({300, 400}), random({400, 300}).transpose(),
        random({300, 1, 400}).expand({300, 2, 400}).slice(1, 0, 1).reshape({300, 400})})
    for (const Shape& shape : {Shape{}, Shape{400}, Shape{300, 1}, Shape{1, 400}, Shape{1}})
      EXPECT_TRUE(same(sum_to(x, shape), slow_sum_to(x, shape), 10 * kRounding));
}

TEST(SumTo, OfNothingIsZero) {
  EXPECT_TRUE(same(sum_to(Tensor({0, 3}), {3}), Tensor({3})));
  EXPECT_TRUE(same(sum_to(Tensor({0, 3}), {}), Tensor()));
  EXPECT_TRUE(same(sum_to(Tensor({2, 0}), {2, 1}), Tensor({2, 1})));
  EXPECT_TRUE(same(sum_to(random({}), {}), random({})));
}

// The sum of each column, rows one after the other, 64 at a time; then of these sums, likewise.
std::vector<Scalar> column_sums(std::vector<std::vector<Scalar>> rows) {
  std::vector<Scalar> sum(rows[0].size());
  while (rows.size() > 64) {
    std::vector<std::vector<Scalar>> pieces;
    for (std::size_t first = 0; first < rows.size(); first += 64)
      pieces.push_back(
          column_sums({rows.begin() + first, rows.begin() + std::min(first + 64, rows.size())}));
    rows = std::move(pieces);
  }
  for (const std::vector<Scalar>& row : rows)
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += row[c];
  return sum;
}

TEST(AddInto, RowsAreAddedInTheirOrder) {
  for (const Index count : {1, 7, 8, 9, 64, 65, 300, 1100, 4097})
    for (const Index columns : {2, 150}) {
      const Tensor x = random({count, columns});
      std::vector<std::vector<Scalar>> rows;
      for (Index r = 0; r < count; ++r) rows.push_back(x.slice(0, r, r + 1).values());
      EXPECT_TRUE(same_bits(sum_to(x, {columns}), Tensor({columns}, column_sums(rows))))
          << count << " x " << columns;
    }
}

TEST(AddInto, TheOrderIsThatOfTheShape) {
  const Tensor rows = random({6 * 50, 40});
  const Tensor sum = sum_to(rows, {40});
  EXPECT_TRUE(same_bits(sum_to(rows.reshape({6, 50, 40}), {40}), sum));
  EXPECT_TRUE(same_bits(sum_to(rows.reshape({6, 1, 5, 10, 40}), {1, 40}), sum.reshape({1, 40})));
  EXPECT_TRUE(same_bits(sum_to(copy(rows.transpose()).transpose(), {40}), sum)) << "strided";
  const Tensor turned = copy(rows.reshape({6, 50, 40}).transpose(0, 1)).transpose(0, 1);
  EXPECT_TRUE(same_bits(sum_to(turned, {40}), sum)) << "axes that cannot be merged in place";
  // Each of some kept positions has the sum of its own rows.
  const Tensor apart = sum_to(rows.reshape({2, 150, 40}), {2, 1, 40});
  for (Index i = 0; i < 2; ++i)
    EXPECT_TRUE(same_bits(apart.slice(0, i, i + 1).reshape({40}),
                          sum_to(rows.slice(0, 150 * i, 150 * (i + 1)), {40})));
  const Tensor inside = sum_to(rows.reshape({5, 60, 40}), {60, 40});
  EXPECT_TRUE(same_bits(inside.slice(0, 7, 8).reshape({40}),
                        sum_to(rows.reshape({5, 60, 40}).slice(1, 7, 8), {40})));
}

TEST(AddInto, AddsToWhatIsThere) {
  const Tensor target({2, 3}, 10);
  add_into(target.slice(1, 1, 3), counting({2, 2}));
  EXPECT_TRUE(same(target, Tensor({2, 3}, {10, 10, 11, 10, 12, 13})));
  add_into(target.transpose(), Tensor({3, 2}, {1, 2, 3, 4, 5, 6}));
  EXPECT_TRUE(same(target, Tensor({2, 3}, {11, 13, 16, 12, 16, 19})));
  const Tensor total(Shape{}, 1);
  add_into(total, counting({4, 5}).transpose());
  EXPECT_EQ(total.item(), 191);
  EXPECT_THROW(add_into(Tensor({3}), Tensor({2, 2})), ShapeError);
}

TEST(AddInto, WithNothingToSumIsAZip) {
  const Tensor x = random({200, 300}, 1), y = random({200, 300}, 2);
  const Tensor expected = zip("+", y, x, [](Scalar a, Scalar b) { return a + b; });
  for (const bool turned : {false, true})
    for (const bool from_turned : {false, true}) {
      const Tensor target = turned ? copy(y.transpose()).transpose() : copy(y);
      add_into(target, from_turned ? copy(x.transpose()).transpose() : x);
      EXPECT_TRUE(same_bits(target, expected)) << turned << from_turned;
    }
  const Tensor row({1, 300}, 1);
  add_into(row, x.slice(0, 5, 6).reshape({300}).expand({1, 300}));
  EXPECT_EQ(at(row, {0, 7}), 1 + at(x, {5, 7}));
}

TEST(AddInto, SumsWhereTheTargetIsExpanded) {
  const Tensor total(Shape{}, 1), rows({3}, 1);
  add_into(total.expand({4, 5}), counting({4, 5}));
  EXPECT_EQ(total.item(), 191);
  add_into(rows.expand({2, 3}), counting({2, 3}));
  EXPECT_TRUE(same(rows, Tensor({3}, {4, 6, 8})));
}

}  // namespace
}  // namespace rapt
