#include "tensor/shape.h"

#include <gtest/gtest.h>

#include "tensor/errors.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using testing_helpers::error;

TEST(Shapes, HoldUpToEightExtents) {
  const Shape eight{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(eight.rank(), 8);
  EXPECT_EQ(eight[7], 8);
  EXPECT_EQ(eight.back(), 8);
  const std::string expected =
      "Shape: at most 8 axes are supported, got one more than [1, 2, 3, 4, 5, 6, 7, 8]";
  EXPECT_EQ(error<ShapeError>([] { Shape{1, 2, 3, 4, 5, 6, 7, 8, 9}; }), expected);
  Shape full = eight;
  EXPECT_EQ(error<ShapeError>([&] { full.push_back(1); }), expected);
  EXPECT_EQ(full, eight);
}

TEST(Shapes, AreEditedInPlace) {
  Shape shape{2, 3};
  shape.insert(0, 7);
  shape.insert(3, 9);
  shape.insert(2, 1);
  EXPECT_EQ(shape, (Shape{7, 2, 1, 3, 9}));
  shape.erase(0);
  shape.erase(3);
  EXPECT_EQ(shape, (Shape{2, 1, 3}));
  EXPECT_NE(shape, (Shape{2, 1}));
  EXPECT_NE(shape, (Shape{2, 1, 4}));
  EXPECT_EQ(Shape::filled(2, 5), (Shape{5, 5}));
}

TEST(Shapes, KnowTheirTextCountAndStrides) {
  EXPECT_EQ(to_string(Shape{}), "[]");
  EXPECT_EQ(to_string(Shape{2, 0, 3}), "[2, 0, 3]");
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({2, 0, 3}), 0);
  EXPECT_EQ(element_count({2, 4, 3}), 24);
  EXPECT_EQ(row_major_strides({2, 3, 4}), (Shape{12, 4, 1}));
  EXPECT_EQ(row_major_strides({}), Shape{});
}

TEST(Broadcasting, MatchesFromTheBack) {
  EXPECT_EQ(broadcast_shapes("f", {2, 3}, {3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes("f", {3}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes("f", {4, 1, 3}, {2, 1}), (Shape{4, 2, 3}));
  EXPECT_EQ(broadcast_shapes("f", {}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes("f", {0, 1}, {1, 3}), (Shape{0, 3}));
}

TEST(Broadcasting, RefusesExtentsThatDiffer) {
  EXPECT_EQ(error<ShapeError>([] {
              broadcast_shapes("add", {2, 3}, {4, 1, 2});
            }),
            "add: cannot broadcast [2, 3] with [4, 1, 2] (axis -1: 3 vs 2)");
  EXPECT_EQ(error<ShapeError>([] {
              broadcast_shapes("add", {2, 1}, {3, 1});
            }),
            "add: cannot broadcast [2, 1] with [3, 1] (axis -2: 2 vs 3)");
  EXPECT_EQ(error<ShapeError>([] { broadcast_shapes("add", {0}, {3}); }),
            "add: cannot broadcast [0] with [3] (axis -1: 0 vs 3)");
}

TEST(Axes, AreCountedFromBothEnds) {
  EXPECT_EQ(checked_axis("sum", 1, {2, 3}), 1);
  EXPECT_EQ(checked_axis("sum", -1, {2, 3}), 1);
  EXPECT_EQ(checked_axis("sum", -2, {2, 3}), 0);
  EXPECT_EQ(error<IndexError>([] {
              checked_axis("sum", 2, {2, 3});
            }),
            "sum: axis 2 is out of range for shape [2, 3] (expected -2 to 1)");
  EXPECT_EQ(error<IndexError>([] {
              checked_axis("sum", -3, {2, 3});
            }),
            "sum: axis -3 is out of range for shape [2, 3] (expected -2 to 1)");
  EXPECT_EQ(error<IndexError>([] { checked_axis("sum", 0, {}); }),
            "sum: axis 0 is out of range for shape [] (it has no axes)");
}

TEST(Messages, JoinTextsNumbersAndShapes) {
  EXPECT_EQ(message("f: ", Shape{2}, " at ", Index{-3}, " is ", Scalar(0.1), " not ", 2.5),
            "f: [2] at -3 is 0.1 not 2.5");
  EXPECT_EQ(number_text(1e-5), "1e-05");
  EXPECT_EQ(number_text(3), "3");
}

}  // namespace
}  // namespace rapt
