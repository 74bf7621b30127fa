#include "tensor/lookup.h"

#include <gtest/gtest.h>

#include "tensor/parallel.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

TEST(TakeRows, ReadsThemInAnyOrderAndShape) {
  const Tensor table = counting({4, 3});
  EXPECT_TRUE(same(take_rows(table, {{2, 1}, {3, 0}}), Tensor({2, 1, 3}, {9, 10, 11, 0, 1, 2})));
  EXPECT_TRUE(same(take_rows(table.transpose(), {{}, {1}}), Tensor({4}, {1, 4, 7, 10})));
  EXPECT_EQ(take_rows(table, {{0}, {}}).shape(), (Shape{0, 3}));
  EXPECT_EQ(error<IndexError>([&] {
              take_rows(table, {{2}, {0, 4}});
            }),
            "embedding: id 4 is outside 0 .. 3 of [4, 3]");
  EXPECT_EQ(error<IndexError>([&] {
              take_rows(table, {{1}, {-1}});
            }),
            "embedding: id -1 is outside 0 .. 3 of [4, 3]");
  EXPECT_EQ(error<ShapeError>([] {
              take_rows(Tensor({4}), {{1}, {0}});
            }),
            "embedding: expected a table [V, D], got [4]");
}

TEST(AddRows, AddsRowsOfOneIdUp) {
  const Tensor rows({2, 2, 2}, {1, 2, 10, 20, 100, 200, 1000, 2000});
  const Ids ids{{2, 2}, {2, 0, 2, 2}};
  const Tensor expected({4, 2}, {10, 20, 0, 0, 1101, 2202, 0, 0});
  EXPECT_TRUE(same(add_rows(rows, ids, 4), expected));
  EXPECT_TRUE(same(add_rows(copy(rows.transpose()).transpose(), ids, 4), expected));
}

TEST(TakeRows, AndAddRowsShareLargeTables) {
  constexpr Index kCount = 3000, kRows = 7, kColumns = 37;
  const Tensor table = random({kRows, kColumns}, 1), rows = random({kCount, kColumns}, 2);
  Ids ids{{kCount}, {}};
  for (Index i = 0; i < kCount; ++i) ids.values.push_back(static_cast<std::int32_t>(i * i % kRows));
  Tensor sums({kRows, kColumns});
  for (Index i = 0; i < kCount; ++i)
    for (Index j = 0; j < kColumns; ++j)
      sums.data()[ids.values[i] * kColumns + j] += at(rows, {i, j});
  const int before = thread_count();
  for (const int threads : {1, 2, 3, 8}) {
    set_thread_count(threads);
    EXPECT_TRUE(same(take_rows(table, ids), made({kCount, kColumns}, [&](const Position& p) {
                       return at(table, {ids.values[p[0]], p[1]});
                     })));
    EXPECT_TRUE(same_bits(add_rows(rows, ids, kRows), sums)) << threads << " threads";
  }
  set_thread_count(before);
}

TEST(Gather, ReadsAlongAnyAxis) {
  const Tensor x = counting({2, 3, 2});
  const auto expect = [&](Index axis, const Ids& ids) {
    Index i = 0;
    const Tensor expected = made(ids.shape, [&](Position p) {
      p[axis] = ids.values[i++];
      return at(x, p);
    });
    EXPECT_TRUE(same(gather(x, ids, axis), expected)) << axis;
    EXPECT_TRUE(same(gather(copy(x.transpose()).transpose(), ids, axis - 3), expected)) << axis;
  };
  expect(0, {{1, 3, 2}, {0, 1, 1, 0, 1, 0}});
  expect(1, {{2, 2, 2}, {2, 0, 1, 1, 0, 0, 2, 1}});
  expect(2, {{2, 3, 1}, {1, 0, 1, 1, 0, 0}});
  EXPECT_EQ(gather(x, {{2, 0, 2}, {}}, 1).shape(), (Shape{2, 0, 2}));
}

TEST(Gather, RefusesWhatDoesNotFit) {
  const Tensor x({2, 3});
  EXPECT_EQ(error<ShapeError>([&] {
              gather(x, {{3, 1}, {0, 0, 0}}, 1);
            }),
            "gather: shapes [2, 3] and [3, 1] may differ in axis 1 only");
  EXPECT_EQ(error<ShapeError>([&] {
              gather(x, {{2}, {0, 0}}, 1);
            }),
            "gather: shapes [2, 3] and [2] may differ in axis 1 only");
  EXPECT_EQ(error<IndexError>([&] {
              gather(x, {{2, 1}, {0, 3}}, 1);
            }),
            "gather: id 3 is outside 0 .. 2 of [2, 3]");
  EXPECT_EQ(error<IndexError>([&] {
              gather(x, {{2, 1}, {0, 0}}, 2);
            }),
            "gather: axis 2 is out of range for shape [2, 3] (expected -2 to 1)");
}

TEST(ScatterAdd, IsTheAdjointOfGather) {
  const Tensor x({2, 2}, {1, 2, 3, 4});
  EXPECT_TRUE(
      same(scatter_add(x, {{2, 2}, {2, 2, 0, 1}}, 1, 3), Tensor({2, 3}, {0, 0, 3, 3, 4, 0})));
  EXPECT_TRUE(
      same(scatter_add(x.transpose(), {{2, 2}, {0, 0, 0, 1}}, 0, 2), Tensor({2, 2}, {3, 3, 0, 4})));
  EXPECT_EQ(error<ShapeError>([&] {
              scatter_add(x, {{2, 1}, {0, 0}}, 1, 3);
            }),
            "scatter_add: ids [2, 1] must have the shape of [2, 2]");
  EXPECT_EQ(error<IndexError>([&] {
              scatter_add(x, {{2, 2}, {0, 0, 0, 3}}, 1, 3);
            }),
            "scatter_add: id 3 is outside 0 .. 2 of [2, 3]");
}

TEST(Concat, PutsPartsOneBehindTheOther) {
  const Tensor a = random({2, 3, 2}), b = random({2, 2, 2}).transpose(0, 2), none({2, 0, 2});
  const Tensor y = concat({a, none, b, a}, -2);
  EXPECT_EQ(y.shape(), (Shape{2, 8, 2}));
  EXPECT_TRUE(same(y.slice(1, 0, 3), a));
  EXPECT_TRUE(same(y.slice(1, 3, 5), b));
  EXPECT_TRUE(same(y.slice(1, 5, 8), a));
  EXPECT_TRUE(same(concat({a}, 0), a));
  EXPECT_TRUE(
      same(concat({Tensor({1}, 1).expand({3}), Tensor({2}, 2)}, 0), Tensor({5}, {1, 1, 1, 2, 2})));
}

TEST(Concat, RefusesPartsThatDiffer) {
  EXPECT_EQ(error<ShapeError>([] { concat({}, 0); }),
            "concat: expected at least one tensor, got none");
  EXPECT_EQ(error<ShapeError>([] {
              concat({Tensor({2, 3}), Tensor({3, 3})}, 1);
            }),
            "concat: shapes [2, 3] and [3, 3] may differ in axis 1 only");
  EXPECT_EQ(error<IndexError>([] {
              concat({Tensor({2, 3})}, 2);
            }),
            "concat: axis 2 is out of range for shape [2, 3] (expected -2 to 1)");
}

}  // namespace
}  // namespace rapt
