#include "nn/dropout.h"

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

TEST(Dropout, DropsItsShareAndKeepsTheMean) {
  constexpr Index kNumbers = 100000;
  Rng rng(1);
  const nn::Dropout dropout(Scalar(0.3), rng);
  double dropped = 0, total = 0;
  const Scalar scale = 1 / (1 - Scalar(0.3));
  for (const Scalar y : dropout(Tensor({kNumbers}, 1)).value().values()) {
    ASSERT_TRUE(y == 0 || y == scale) << "expected 0 or " << scale << ", got " << y;
    dropped += y == 0 ? 1 : 0;
    total += y;
  }
  EXPECT_NEAR(dropped / kNumbers, 0.3, 0.006);  // four standard deviations
  EXPECT_NEAR(total / kNumbers, 1, 0.009);
}

TEST(Dropout, GradientsPassWhereNumbersPass) {
  Rng rng(1);
  const nn::Dropout dropout(Scalar(0.5), rng);
  const Variable x(Tensor({4, 5}, 1), true);
  const Variable y = dropout(x);
  backward(sum(y));
  EXPECT_TRUE(same_bits(x.grad(), y.value()));  // y = x * mask and x = 1: both are the mask
}

TEST(Dropout, DoesNothingInEval) {
  Rng rng(1);
  nn::Dropout dropout(Scalar(0.5), rng);
  dropout.eval();
  const Variable x = random_input({4, 5});
  EXPECT_TRUE(same_bits(dropout(x), x));
  dropout.train();
  EXPECT_FALSE(same_bits(dropout(x), x));
}

TEST(Dropout, DoesNothingAtProbabilityZero) {
  Rng rng(1);
  const nn::Dropout dropout(0, rng);
  const Variable x = random_input({4, 5});
  EXPECT_TRUE(same_bits(dropout(x), x));
}

TEST(Dropout, TheSeedDecidesAndEveryCallDrawsAnew) {
  Rng one(3), same(3), other(4);
  const nn::Dropout a(Scalar(0.5), one), b(Scalar(0.5), same), c(Scalar(0.5), other);
  const Tensor x({50}, 1);
  const Variable first = a(x);
  EXPECT_TRUE(same_bits(first, b(x)));
  EXPECT_FALSE(same_bits(first, c(x)));
  const Variable second = a(x);
  EXPECT_FALSE(same_bits(first, second));
  EXPECT_TRUE(same_bits(second, b(x)));
}

TEST(Dropout, LayersOfOneModelDrawDifferently) {
  Rng rng(3);
  const nn::Dropout first(Scalar(0.5), rng), second(Scalar(0.5), rng);
  const Tensor x({50}, 1);
  EXPECT_FALSE(same_bits(first(x), second(x)));
}

TEST(Dropout, RefusesAProbabilityOutsideItsRange) {
  Rng rng(1);
  EXPECT_EQ(refusal<ValueError>([&] { nn::Dropout(1, rng); }),
            "Dropout: probability must lie in [0, 1), got 1");
  EXPECT_EQ(refusal<ValueError>([&] { nn::Dropout(Scalar(-0.5), rng); }),
            "Dropout: probability must lie in [0, 1), got -0.5");
}

}  // namespace
}  // namespace rapt
