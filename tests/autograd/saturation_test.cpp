// Far from 0 a nonlinearity must stay finite, and so must its gradient; and a fused operation must
// equal the formula it stands for.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <numbers>

#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

const Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

struct Nonlinearity {
  const char* name;
  std::function<Variable(const Variable&)> f;
};

void PrintTo(const Nonlinearity& row, std::ostream* out) { *out << row.name; }

class Saturated : public testing::TestWithParam<Nonlinearity> {};

TEST_P(Saturated, StaysFiniteWithItsGradients) {
  for (const std::vector<Scalar>& row :
       std::vector<std::vector<Scalar>>{{-300, 300, 0, 1},
                                        {-1e4, 1e4, 1e4, 1},
                                        {300, 300, 300, 300},
                                        {-1e4, -1e4, -1e4, -300}}) {
    const Variable x(Tensor({1, 4}, row), true);
    const Variable y = GetParam().f(x);
    const Tensor weight = random(y.shape());
    EXPECT_TRUE(finite(y.value())) << x.value().str();
    EXPECT_TRUE(finite(grad(y, {x}, weight)[0].value())) << x.value().str();
    const Variable slope = grad(y, {x}, weight, true)[0];
    EXPECT_TRUE(finite(slope.value())) << x.value().str();
    EXPECT_TRUE(finite(grad(slope, {x}, weight.reshape({1, -1}).expand({1, 4}))[0].value()));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Saturated,
    testing::Values(Nonlinearity{"tanh", [](const Variable& x) { return tanh(x); }},
                    Nonlinearity{"sigmoid", [](const Variable& x) { return sigmoid(x); }},
                    Nonlinearity{"erf", [](const Variable& x) { return erf(x); }},
                    Nonlinearity{"gelu", [](const Variable& x) { return gelu(x); }},
                    Nonlinearity{"relu", [](const Variable& x) { return relu(x); }},
                    Nonlinearity{"softmax", [](const Variable& x) { return softmax(x); }},
                    Nonlinearity{"log_softmax", [](const Variable& x) { return log_softmax(x); }},
                    Nonlinearity{"logsumexp",
                                 [](const Variable& x) { return logsumexp(x, -1, true); }},
                    Nonlinearity{"normalize", [](const Variable& x) { return normalize(x); }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Saturation, ReachesTheLimits) {
  const Variable x(Tensor({2}, {-1e4, 1e4}));
  EXPECT_TRUE(same(tanh(x).value(), Tensor({2}, {-1, 1})));
  EXPECT_TRUE(same(sigmoid(x).value(), Tensor({2}, {0, 1})));
  EXPECT_TRUE(same(erf(x).value(), Tensor({2}, {-1, 1})));
  EXPECT_TRUE(same(gelu(x).value(), Tensor({2}, {0, 1e4})));
  EXPECT_TRUE(same(softmax(x).value(), Tensor({2}, {0, 1})));
  EXPECT_TRUE(same(log_softmax(x).value(), Tensor({2}, {-2e4, 0})));
  EXPECT_EQ(logsumexp(x).item(), Scalar(1e4));
}

TEST(Saturation, WhereNothingMayBeChosenSoftmaxAndItsGradientAreZero) {
  const Variable x(Tensor({2, 3}, {-kInfinity, -kInfinity, -kInfinity, 0, -kInfinity, 0}), true);
  const Variable y = softmax(x);
  EXPECT_TRUE(same(y.value(), Tensor({2, 3}, {0, 0, 0, 0.5, 0, 0.5})));
  const Tensor weight({2, 3}, {1, 2, 3, 4, 5, 6});
  for (const bool graph : {false, true})
    EXPECT_TRUE(
        same(grad(y, {x}, weight, graph)[0].value(), Tensor({2, 3}, {0, 0, 0, -0.5, 0, 0.5})));
}

// ---- Fused equals composed

using Pointwise = std::function<Variable(const Variable&)>;

void expect_equal(const Pointwise& fused, const Pointwise& composed, const Shape& shape) {
  const Variable x(random(shape), true);
  const Tensor weight = random(fused(x).shape(), 2);
  EXPECT_TRUE(same(fused(x).value(), composed(x).value(), 4 * kRounding));
  const Tensor expected = grad(composed(x), {x}, weight)[0].value();
  for (const bool graph : {false, true})
    EXPECT_TRUE(same(grad(fused(x), {x}, weight, graph)[0].value(), expected, 4 * kRounding));
}

TEST(Fused, NormalizeEqualsItsFormula) {
  for (const Shape& shape : {Shape{3, 7}, Shape{2, 3, 40}})
    expect_equal([](const Variable& x) { return normalize(x); },
                 [](const Variable& x) { return normalize_composed(x); }, shape);
}

using Several = std::function<Variable(const std::vector<Variable>&)>;

// To the bit, in the value and in the gradients of all inputs.
void expect_same_bits(const Several& fused, const Several& composed, std::vector<Shape> shapes) {
  std::vector<Variable> in;
  for (const Shape& shape : shapes) in.emplace_back(random(shape, 2 + in.size()), true);
  const Variable y = fused(in), steps = composed(in);
  EXPECT_TRUE(same_bits(y.value(), steps.value())) << message(shapes[0]);
  const Tensor g = random(y.shape());
  const std::vector<Variable> slopes = grad(y, in, g), expected = grad(steps, in, g);
  for (std::size_t i = 0; i < in.size(); ++i)
    EXPECT_TRUE(same_bits(slopes[i].value(), expected[i].value())) << message(shapes[i], ", ", i);
}

TEST(Fused, LayerNormEqualsItsFormula) {
  using In = const std::vector<Variable>&;
  for (const Shape& shape : {Shape{3, 7}, Shape{1, 1}, Shape{300, 40}, Shape{2, 260, 17}}) {
    const std::vector<Shape> shapes{shape, {shape.back()}, {shape.back()}};
    expect_same_bits([](In x) { return layer_norm(x[0], x[1], x[2]); },
                     [](In x) { return normalize(x[0]) * x[1] + x[2]; }, shapes);
    const Tensor weight = random(shapes[1], 5), bias = random(shapes[2], 6);
    expect_equal([&](const Variable& x) { return layer_norm(x, weight, bias); },
                 [&](const Variable& x) { return layer_norm_composed(x, weight, bias); }, shape);
  }
}

TEST(Fused, LinearEqualsItsFormula) {
  using In = const std::vector<Variable>&;
  for (const Shape& shape : {Shape{3, 7}, Shape{1, 1}, Shape{300, 40}, Shape{2, 260, 17},
                             Shape{0, 4}, Shape{2, 3, 5, 6}})
    expect_same_bits([](In x) { return linear(x[0], x[1], x[2]); },
                     [](In x) { return linear_composed(x[0], x[1], x[2]); },
                     {shape, {9, shape.back()}, {9}});
}

TEST(Fused, LinearRefusesWhatDoesNotFit) {
  EXPECT_EQ(error<ShapeError>([] {
              linear(random({2, 3}), random({5, 3}), random({3}));
            }),
            "linear: expected a weight [out, in] and a bias [out], got [5, 3] and [3]");
  EXPECT_EQ(error<ShapeError>([] {
              linear(random({2, 3}), random({3}), random({3}));
            }),
            "linear: expected a weight [out, in] and a bias [out], got [3] and [3]");
}

TEST(Fused, SurpriseEqualsItsFormula) {
  for (const Shape& shape : {Shape{3, 7}, Shape{2, 1}, Shape{300, 65}, Shape{2, 9, 16}}) {
    Ids targets{shape, {}};
    targets.shape[shape.rank() - 1] = 1;
    for (Index i = 0; i < element_count(targets.shape); ++i)
      targets.values.push_back(static_cast<std::int32_t>(i * 5 % shape.back()));
    for (const Scalar scale : {Scalar(1), Scalar(1e4)})
      expect_same_bits(
          [&](const std::vector<Variable>& x) { return surprise(x[0] * scale, targets); },
          [&](const std::vector<Variable>& x) { return surprise_composed(x[0] * scale, targets); },
          {shape});
  }
}

TEST(Fused, GradientsOfSigmoidAndReluEqualTheirFormulas) {
  const Variable x(random({9, 41}), true);
  const Tensor g = random({9, 41}, 2);
  for (const Variable& y : {sigmoid(x), relu(x)})
    EXPECT_TRUE(same_bits(grad(y, {x}, g)[0].value(), grad(y, {x}, g, true)[0].value()));
}

TEST(Fused, GeluIsTheSameWithAndWithoutItsSlope) {
  const Tensor x = random({9, 41});
  EXPECT_TRUE(same_bits(gelu(Variable(x, true)).value(), gelu(x).value()));
}

TEST(Fused, LayerNormRefusesFeaturesOfAnotherCount) {
  EXPECT_EQ(error<ShapeError>([] {
              layer_norm(random({2, 3}), random({3}), random({4}));
            }),
            "layer_norm: bias: expected [3] for x [2, 3], got [4]");
  EXPECT_EQ(error<ShapeError>([] {
              layer_norm(random({2, 3}), random({1}), random({3}));
            }),
            "layer_norm: weight: expected [3] for x [2, 3], got [1]");
}

TEST(Fused, SoftmaxEqualsItsFormula) {
  for (const Index axis : {0, 1, 2})
    expect_equal([axis](const Variable& x) { return softmax(x, axis); },
                 [axis](const Variable& x) { return exp(x) / sum(exp(x), axis, true); },
                 {3, 20, 2});
}

TEST(Fused, LogSoftmaxAndLogsumexpEqualTheirFormulas) {
  for (const Index axis : {0, 1, 2}) {
    expect_equal([axis](const Variable& x) { return log_softmax(x, axis); },
                 [axis](const Variable& x) { return x - log(sum(exp(x), axis, true)); },
                 {3, 20, 2});
    expect_equal([axis](const Variable& x) { return logsumexp(x, axis); },
                 [axis](const Variable& x) { return log(sum(exp(x), axis)); }, {3, 20, 2});
  }
}

TEST(Fused, GeluEqualsItsFormula) {
  expect_equal(
      [](const Variable& x) { return gelu(x); },
      [](const Variable& x) { return x * (erf(x / Scalar(std::numbers::sqrt2)) + 1) / Scalar(2); },
      {4, 25});
}

}  // namespace
}  // namespace rapt
