#include "nn/gradient_variance.h"

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::estimate_gradient;
using nn::GradientEstimate;

// The gradient of a p0 + b p1 is (a, b), of which each draw takes the next.
GradientEstimate estimate(const std::vector<Scalar>& a, const std::vector<Scalar>& b) {
  const Variable p(Tensor({2}), true);
  std::size_t draw = 0;
  const auto loss = [&] {
    const Tensor weights({2}, {a[draw], b[draw]});
    ++draw;
    return sum(p * weights);
  };
  return estimate_gradient(loss, {p}, static_cast<Index>(a.size()));
}

TEST(GradientVariance, MeanErrorAndVarianceByHand) {
  const GradientEstimate got = estimate({1, 2, 3, 6}, {5, 5, 5, 5});
  EXPECT_EQ(got.draws, 4);
  EXPECT_TRUE(close(got.mean[0], Tensor({2}, {3, 5})));
  const double variance = 14.0 / 3;  // (4 + 1 + 0 + 9) / (4 - 1)
  EXPECT_TRUE(close(got.standard_error[0], Tensor({2}, {Scalar(std::sqrt(variance / 4)), 0})));
  EXPECT_NEAR(got.total_variance, variance, 1e-6);
}

TEST(GradientVariance, KeepsASmallVarianceOfALargeMean) {
  const GradientEstimate got = estimate({1000001, 1000002, 1000003}, {0, 0, 0});
  EXPECT_NEAR(got.total_variance, 1, 1e-9);
  EXPECT_TRUE(close(got.mean[0], Tensor({2}, {1000002, 0})));
}

TEST(GradientVariance, SumsOverParametersAndLeavesTheirGradientsAlone) {
  const Variable a(Tensor({2, 2}, 1), true), b(Tensor({3}, 1), true);
  backward(sum(a));
  Scalar draw = 0;
  const auto loss = [&] {
    draw += 1;
    return sum(a) * draw + sum(b) * (2 * draw);
  };
  const GradientEstimate got = estimate_gradient(loss, {a, b}, 2);
  EXPECT_TRUE(close(got.mean[0], Tensor({2, 2}, 1.5)));
  EXPECT_TRUE(close(got.mean[1], Tensor({3}, 3)));
  EXPECT_TRUE(close(got.standard_error[1], Tensor({3}, 1)));
  EXPECT_NEAR(got.total_variance, 4 * 0.5 + 3 * 2, 1e-9);
  EXPECT_TRUE(same_bits(a.grad(), Tensor({2, 2}, 1)));
  EXPECT_FALSE(b.has_grad());
}

TEST(GradientVariance, RefusesASingleDrawAndALossOfSeveralNumbers) {
  const Variable p(Tensor({2}), true);
  EXPECT_EQ(refusal<ValueError>([&] { estimate_gradient([&] { return sum(p); }, {p}, 1); }),
            "estimate_gradient: draws must be at least 2, got 1");
  EXPECT_EQ(refusal<ShapeError>([&] { estimate_gradient([&] { return p; }, {p}, 2); }),
            "estimate_gradient: loss []: expected [], got [2]");
}

}  // namespace
}  // namespace rapt
