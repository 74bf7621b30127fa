// Several gradients from one kernel: each input gets its own, whoever asks and how often.
#include "autograd/together.h"

#include <gtest/gtest.h>

#include "autograd/ops.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

// y = a * b, and how often its kernel ran.
Variable product(const Variable& a, const Variable& b, int& runs) {
  const Tensor y = (a * b).value();
  const auto gradients = [a = a.value(), b = b.value(), &runs](const Tensor& g, const Tensor&) {
    ++runs;
    return std::vector<Tensor>{(Variable(g) * b).value(), (Variable(g) * a).value()};
  };
  return record_together("product", y, {a, b}, gradients,
                         [](const std::vector<Variable>& x) { return x[0] * x[1]; });
}

const Tensor kThree({2}, {3, 30}), kFive({2}, {5, 50}), kTwice({2}, 2);

TEST(Together, OneRunOfTheKernelServesAllInputs) {
  int runs = 0;
  const Variable a(kThree, true), b(kFive, true);
  const Variable y = product(a, b, runs);
  const std::vector<Variable> d = grad(y, {a, b}, kTwice);
  EXPECT_TRUE(same(d[0].value(), Tensor({2}, {10, 100})));
  EXPECT_TRUE(same(d[1].value(), Tensor({2}, {6, 60})));
  EXPECT_EQ(runs, 1);
}

TEST(Together, EachUpstreamGradientHasItsOwnRun) {
  int runs = 0;
  const Variable a(kThree, true), b(kFive, true);
  const Variable y = product(a, b, runs), up = kTwice;
  for (int round = 1; round <= 2; ++round) {
    EXPECT_TRUE(same(grad(y, {a, b}, up)[1].value(), Tensor({2}, {6, 60})));
    EXPECT_EQ(runs, round);
  }
  EXPECT_TRUE(same(grad(y, {a, b}, Tensor({2}, 4))[0].value(), Tensor({2}, {20, 200})));
  EXPECT_EQ(runs, 3);
}

TEST(Together, InputsThatNeedNoGradientAreLeftOut) {
  int runs = 0;
  const Variable a(kThree), b(kFive, true);
  const Variable y = product(a, b, runs);
  EXPECT_EQ(Node::of(y).edges.size(), 1);
  for (const Scalar up : {2, 4})
    EXPECT_TRUE(same(grad(y, {b}, Tensor({2}, up))[0].value(), Tensor({2}, {3 * up, 30 * up})));
  EXPECT_EQ(runs, 2);
}

// a is younger than b, so the engine does not ask for the share of b, which waits; it belongs to
// the first upstream gradient and not to the second.
TEST(Together, WhatNobodyAskedForIsNotHandedOutLater) {
  int runs = 0;
  const Variable b(kFive, true), a(kThree, true);
  const Variable y = product(b, a, runs);
  EXPECT_TRUE(same(grad(y, {a}, kTwice)[0].value(), Tensor({2}, {10, 100})));
  EXPECT_TRUE(same(grad(y, {b}, Tensor({2}, 1))[0].value(), kThree));
}

TEST(Together, SecondDerivativesAreThoseOfTheFormula) {
  int runs = 0;
  const Variable a(kThree, true);
  const Variable square = a * a;
  const Variable y = product(a, square, runs);  // a^3, one input depends on the other
  const Variable slope = grad(y, {a}, Tensor({2}, 1), true)[0];
  EXPECT_TRUE(same(slope.value(), Tensor({2}, {27, 2700})));
  EXPECT_TRUE(same(grad(slope, {a}, Tensor({2}, 1))[0].value(), Tensor({2}, {18, 180})));
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace rapt
