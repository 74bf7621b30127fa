#include "tensor/reduce.h"

#include <gtest/gtest.h>

#include <limits>

#include "tensor/normalize.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

const Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

std::vector<Tensor> inputs() {
  return {random({2, 3, 4}),
          random({4, 3, 2}).transpose(0, 2),
          random({3, 40, 5}).slice(1, 2, 37),
          random({3, 1}).expand({2, 3, 17}),
          random({7}),
          random({1, 1})};
}

// The elements along one axis, at a position of which that axis is ignored.
std::vector<double> along(const Tensor& x, Position position, Index axis) {
  std::vector<double> values;
  for (position[axis] = 0; position[axis] < x.dim(axis); ++position[axis])
    values.push_back(at(x, position));
  return values;
}

double sum_of(const std::vector<double>& values) {
  double total = 0;
  for (const double v : values) total += v;
  return total;
}

// f over the elements of each axis, the slow way, against `fast`, with and without keeping it.
template <class Fast, class Slow>
void expect_folded(Fast fast, Slow slow, double tolerance) {
  for (const Tensor& x : inputs())
    for (Index axis = 0; axis < x.rank(); ++axis) {
      Shape kept = x.shape();
      kept[axis] = 1;
      const Tensor expected = made(
          kept, [&](const Position& p) { return static_cast<Scalar>(slow(along(x, p, axis))); });
      EXPECT_TRUE(same(fast(x, axis, true), expected, tolerance)) << axis;
      Shape dropped = x.shape();
      dropped.erase(axis);
      EXPECT_TRUE(same(fast(x, axis - x.rank(), false), expected.reshape(dropped), tolerance));
    }
}

TEST(Sum, AgreesWithASlowLoopOverAnyAxis) {
  expect_folded([](const Tensor& x, Index axis, bool keep) { return sum(x, axis, keep); }, sum_of,
                kRounding);
  for (const Tensor& x : inputs()) {
    const std::vector<Scalar> values = x.values();
    EXPECT_NEAR(sum(x).item(), sum_of({values.begin(), values.end()}), 10 * kRounding);
  }
}

TEST(Sum, OfNothingIsZero) {
  EXPECT_EQ(sum(Tensor({0})).item(), 0);
  EXPECT_TRUE(same(sum(Tensor({0, 3}), 0), Tensor({3})));
  EXPECT_TRUE(same(sum(Tensor({0, 3}), 1), Tensor({0})));
  EXPECT_TRUE(same(sum(Tensor({0, 3}), 0, true), Tensor({1, 3})));
  EXPECT_EQ(sum(Tensor(Shape{}, 5)).item(), 5);
  EXPECT_EQ(error<IndexError>([] { sum(Tensor(Shape{}, 5), 0); }),
            "sum: axis 0 is out of range for shape [] (it has no axes)");
}

TEST(Max, AgreesWithASlowLoopOverAnyAxis) {
  expect_folded([](const Tensor& x, Index axis, bool keep) { return max(x, axis, keep); },
                [](const std::vector<double>& v) { return *std::max_element(v.begin(), v.end()); },
                0);
  EXPECT_EQ(max(Tensor({2}, {-kInfinity, -kInfinity}), 0).item(), -kInfinity);
  EXPECT_EQ(error<ShapeError>([] {
              max(Tensor({2, 0}), 1);
            }),
            "max: axis 1 of [2, 0] has no elements");
  EXPECT_TRUE(same(max(Tensor({0, 2}), 1), Tensor({0})));
}

TEST(Argmax, FindsTheFirstOfTheLargest) {
  const Tensor x({2, 3}, {1, 5, 5, 7, 2, 7});
  EXPECT_EQ(argmax(x).values, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(argmax(x).shape, Shape{2});
  EXPECT_EQ(argmax(x, 0).values, (std::vector<std::int32_t>{1, 0, 1}));
  EXPECT_EQ(argmax(x.transpose(), 1).values, (std::vector<std::int32_t>{1, 0, 1}));
  EXPECT_EQ(argmax(x.transpose(), 0).values, (std::vector<std::int32_t>{1, 0}));
  const Tensor y = random({3, 4, 5});
  const Ids middle = argmax(y, 1);
  EXPECT_EQ(middle.shape, (Shape{3, 5}));
  for (Index i = 0; i < 15; ++i)
    EXPECT_EQ(y.at({i / 5, middle.values[i], i % 5}), max(y, 1).at({i / 5, i % 5}));
  EXPECT_EQ(error<ShapeError>([] {
              argmax(Tensor({2, 0}));
            }),
            "argmax: axis 1 of [2, 0] has no elements");
}

TEST(Softmax, AgreesWithItsFormulaAlongAnyAxis) {
  for (const Tensor& x : inputs())
    for (Index axis = 0; axis < x.rank(); ++axis) {
      const auto total = [&](const Position& p) {
        double sum = 0;
        for (const double v : along(x, p, axis)) sum += std::exp(v);
        return sum;
      };
      const auto check = [&](const Tensor& got, auto f) {
        EXPECT_TRUE(same(
            got,
            made(x.shape(),
                 [&](const Position& p) { return static_cast<Scalar>(f(at(x, p), total(p))); }),
            kRounding))
            << axis;
      };
      check(softmax(x, axis), [](double v, double sum) { return std::exp(v) / sum; });
      check(log_softmax(x, axis - x.rank()), [](double v, double s) { return v - std::log(s); });
      check(logsumexp(x, axis).expand(x.shape()), [](double, double s) { return std::log(s); });
    }
}

TEST(Softmax, SurvivesExtremes) {
  const Tensor x({3, 3},
                 {1e4, 1e4, -1e4, -kInfinity, 0, -kInfinity, -kInfinity, -kInfinity, -kInfinity});
  EXPECT_TRUE(same(softmax(x), Tensor({3, 3}, {0.5, 0.5, 0, 0, 1, 0, 0, 0, 0})));
  EXPECT_TRUE(same(softmax(x.transpose(), 0).transpose(), softmax(x)));
  const Tensor total = logsumexp(x);
  EXPECT_NEAR(total.at({0, 0}), 1e4 + std::log(2.0), 1e4 * kRounding);
  EXPECT_EQ(total.at({1, 0}), 0);
  EXPECT_EQ(total.at({2, 0}), -kInfinity);
  EXPECT_TRUE(same(softmax(Tensor({0, 3})), Tensor({0, 3})));
  EXPECT_TRUE(same(softmax(Tensor({3, 0})), Tensor({3, 0})));
}

TEST(Softmax, ItsGradientIsTheFormula) {
  for (const Tensor& x : inputs())
    for (Index axis = 0; axis < x.rank(); ++axis) {
      const Tensor y = softmax(x, axis), g = random(x.shape(), 9);
      const Tensor expected = made(x.shape(), [&](const Position& p) {
        const std::vector<double> ys = along(y, p, axis), gs = along(g, p, axis);
        double mean = 0;
        for (std::size_t i = 0; i < ys.size(); ++i) mean += ys[i] * gs[i];
        return static_cast<Scalar>(at(y, p) * (at(g, p) - mean));
      });
      EXPECT_TRUE(same(softmax_gradient(g, y, axis), expected, kRounding));
    }
}

TEST(Normalize, BringsRowsToMeanZeroAndVarianceOne) {
  for (const Tensor& x : {random({4, 33}), random({33, 4}).transpose(), random({2, 3, 5})}) {
    const Normalized result = normalize(x, 0);
    const Index last = x.rank() - 1;
    for_each(result.inverse_deviation.shape(), [&](const Position& p) {
      const std::vector<double> row = along(x, p, last);
      const auto n = static_cast<double>(row.size());
      double squares = 0;
      for (const double v : row) squares += (v - sum_of(row) / n) * (v - sum_of(row) / n);
      EXPECT_NEAR(at(result.inverse_deviation, p), 1 / std::sqrt(squares / n), 10 * kRounding);
      const std::vector<double> y = along(result.y, p, last);
      for (std::size_t i = 0; i < y.size(); ++i)
        EXPECT_NEAR(y[i], (row[i] - sum_of(row) / n) / std::sqrt(squares / n), 10 * kRounding);
    });
  }
  EXPECT_TRUE(same(normalize(Tensor({1, 3}, 5), Scalar(1e-5)).y, Tensor({1, 3})));
  EXPECT_EQ(error<ShapeError>([] {
              normalize(Tensor({2, 0}), 0);
            }),
            "normalize: expected rows of one element or more, got [2, 0]");
  EXPECT_EQ(error<ShapeError>([] { normalize(Tensor(), 0); }),
            "normalize: expected rows of one element or more, got []");
}

}  // namespace
}  // namespace rapt
