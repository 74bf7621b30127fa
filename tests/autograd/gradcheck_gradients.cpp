// The checker itself: it must accept a right rule and reject each kind of wrong one.
#include <gtest/gtest.h>

#include <cmath>

#include "autograd/gradcheck.h"
#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;
using Inputs = const std::vector<Variable>&;

std::vector<Variable> input() { return {Variable(random({2, 3}), true)}; }

// y = x^2 with dL/dx = slope * g * x; 2 is right.
Function square_with_slope(Scalar slope) {
  return [slope](Inputs x) {
    return record("square", map(x[0].value(), [](Scalar v) { return v * v; }),
                  {{x[0], [x0 = x[0], slope](const Variable& g, const Variable&) {
                      return g * x0 * slope;
                    }}});
  };
}

TEST(GradCheck, AcceptsARightRule) {
  EXPECT_EQ(gradcheck(square_with_slope(2), input()).failure, "");
  EXPECT_EQ(gradcheck_twice(square_with_slope(2), input()).failure, "");
}

TEST(GradCheck, RejectsOnePartInAThousand) {
  EXPECT_FALSE(gradcheck(square_with_slope(2.002), input()));
}

TEST(GradCheck, RejectsAWrongSign) { EXPECT_FALSE(gradcheck(square_with_slope(-2), input())); }

TEST(GradCheck, RejectsAZeroGradient) { EXPECT_FALSE(gradcheck(square_with_slope(0), input())); }

// The columns of softmax's Jacobian sum to 0, so L = sum(y) has the gradient 0 under this rule,
// too: only random weights find it.
TEST(GradCheck, RejectsASoftmaxRuleScaledByFive) {
  const Function f = [](Inputs x) {
    return record("softmax", softmax(x[0]).value(),
                  {{x[0], [](const Variable& g, const Variable& y) {
                      return y * (g - sum(g * y, -1, true)) * 5;
                    }}});
  };
  EXPECT_FALSE(gradcheck(f, input()));
  const Function summed = [&](Inputs x) { return sum(f(x)); };
  EXPECT_TRUE(gradcheck(summed, input())) << "a plain sum was expected to be fooled";
}

TEST(GradCheck, RejectsARuleThatIsWrongAtSecondOrderOnly) {
  const Function f = [](Inputs x) {
    return record("square", map(x[0].value(), [](Scalar v) { return v * v; }),
                  {{x[0], [x0 = x[0]](const Variable& g, const Variable&) {
                      return g * x0.detach() * 2;  // right numbers without their history
                    }}});
  };
  EXPECT_EQ(gradcheck(f, input()).failure, "");
  EXPECT_FALSE(gradcheck_twice(f, input()));
}

TEST(GradCheck, SaysWhatDiffers) {
  const std::vector<Variable> x{Variable(Tensor({2}, 1)), Variable(Tensor({1}, 3), true)};
  const Function f = [](Inputs v) {
    return record("triple", map(v[1].value(), [](Scalar s) { return 3 * s; }),
                  {{v[1], [](const Variable& g, const Variable&) { return g * 0; }}});
  };
  const std::string failure = gradcheck(f, x).failure;
  EXPECT_EQ(failure.rfind("input 1 of shape [1], element 0 (3): analytic 0, numeric ", 0), 0u)
      << failure;
}

TEST(GradCheck, WorksUnderNoGradAndLeavesTheInputsAsTheyWere) {
  const std::vector<Variable> x = input();
  const std::vector<Scalar> before = x[0].value().values();
  const NoGrad off;
  EXPECT_EQ(gradcheck_twice(square_with_slope(2), x).failure, "");
  EXPECT_FALSE(gradcheck(square_with_slope(-2), x));
  EXPECT_EQ(x[0].value().values(), before);
}

}  // namespace
}  // namespace rapt
