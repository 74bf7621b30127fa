// What all optimizers share, steps by hand, and clipping.
#include "optim/optimizer.h"

#include <cmath>
#include <limits>

#include "optim/adam.h"
#include "optim/sgd.h"
#include "tensor/parallel.h"
#include "tensor/random.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using optim::Adam;
using optim::AdamOptions;
using optim::AdamW;
using optim::SGD;
using optim::SGDOptions;

// A parameter that has received this gradient.
Variable parameter_with(const std::vector<Scalar>& values, const std::vector<Scalar>& gradient) {
  const Shape shape{static_cast<Index>(values.size())};
  const Variable p(Tensor(shape, values), true);
  backward(sum(p * Tensor(shape, gradient)));
  return p;
}

TEST(SGDStep, MovesAgainstTheGradient) {
  const Variable p = parameter_with({1, 2}, {10, -10});
  SGD sgd({p}, {.learning_rate = 0.125});
  sgd.step();
  EXPECT_TRUE(close(p, Tensor({2}, {-0.25, 3.25})));
}

TEST(SGDStep, MomentumCarriesOn) {
  const Variable p = parameter_with({0}, {8});
  SGD sgd({p}, {.learning_rate = 0.125, .momentum = 0.5});
  sgd.step();
  EXPECT_TRUE(close(p, Tensor({1}, -1)));
  sgd.step();  // the velocity is 8 / 2 + 8 = 12
  EXPECT_TRUE(close(p, Tensor({1}, -2.5)));
}

TEST(AdamStep, TheFirstStepIsTheLearningRateWhateverTheGradient) {
  const Variable p = parameter_with({1, 1, 1}, {Scalar(1e-3), -5, 1e3});
  Adam adam({p}, {.learning_rate = 0.25});
  adam.step();
  EXPECT_TRUE(close(p.value(), Tensor({3}, {0.75, 1.25, 0.75}), 1e-4));
}

TEST(AdamStep, DecoupledDecayShrinksTheWeightItself) {
  const Variable p = parameter_with({8}, {1}), q = parameter_with({8}, {1});
  Adam({p}, {.learning_rate = 0.25, .weight_decay = 0.5}).step();
  AdamW({q}, {.learning_rate = 0.25, .weight_decay = 0.5}).step();
  EXPECT_TRUE(close(p.value(), Tensor({1}, 7.75), 1e-5));  // decay ends in g / |g|
  EXPECT_TRUE(close(q.value(), Tensor({1}, 6.75), 1e-5));  // 8 (1 - 0.25 * 0.5) - 0.25
}

TEST(AdamStep, MovesManyParametersAsItMovesEachAlone) {
  const int before = thread_count();
  set_thread_count(3);
  const auto learners = [] {
    std::vector<Variable> parameters;
    for (const Index size : {3, 40000, 1, 16384, 20, 16385}) {
      Rng rng(static_cast<std::uint64_t>(size));
      parameters.emplace_back(normal({size}, 1, rng), true);
      backward(sum(parameters.back() * normal({size}, 1, rng)));
    }
    return parameters;
  };
  const std::vector<Variable> together = learners(), alone = learners();
  Adam all(together, {});
  all.step();
  for (std::size_t i = 0; i < alone.size(); ++i) {
    Adam({alone[i]}, {}).step();
    EXPECT_TRUE(same_bits(together[i].value(), alone[i].value())) << to_string(alone[i].shape());
  }
  set_thread_count(before);
}

TEST(AnyOptimizer, TheLearningRateMayChangeBetweenSteps) {
  const Variable p = parameter_with({1}, {2}), q = parameter_with({1}, {2});
  SGD sgd({p}, {.learning_rate = 0.125});
  Adam adam({q}, {.learning_rate = 0.125});
  EXPECT_EQ(sgd.learning_rate(), 0.125);
  sgd.set_learning_rate(0.5);
  adam.set_learning_rate(0.5);
  EXPECT_EQ(sgd.learning_rate(), 0.5);
  sgd.step();
  adam.step();
  EXPECT_TRUE(close(p, Tensor({1}, 0)));
  EXPECT_TRUE(close(q.value(), Tensor({1}, 0.5), 1e-5));
}

TEST(AnyOptimizer, ParametersWithoutGradientStay) {
  const Variable moved = parameter_with({1}, {1}), alone(Tensor({1}, 5), true);
  SGD({alone, moved}, {.weight_decay = 0.5}).step();
  Adam({alone, moved}, {.weight_decay = 0.5}).step();
  AdamW({alone, moved}, {.weight_decay = 0.5}).step();
  EXPECT_TRUE(same_bits(alone.value(), Tensor({1}, 5)));
  EXPECT_FALSE(same_bits(moved.value(), Tensor({1}, 1)));
}

TEST(AnyOptimizer, ZeroGradForgetsTheGradients) {
  Variable p = parameter_with({1}, {2});
  SGD sgd({p}, {});
  backward(sum(p * 3));
  EXPECT_TRUE(close(p.grad(), Tensor({1}, 5))) << "gradients add up";
  sgd.zero_grad();
  EXPECT_FALSE(p.has_grad());
  backward(sum(p * 3));
  EXPECT_TRUE(close(p.grad(), Tensor({1}, 3)));
}

TEST(AnyOptimizer, StepsDoNotTouchTheGradients) {
  const Variable p = parameter_with({1}, {2});
  SGD({p}, {.momentum = 0.9, .weight_decay = 0.1}).step();
  Adam({p}, {.weight_decay = 0.1}).step();
  EXPECT_TRUE(same_bits(p.grad(), Tensor({1}, 2)));
}

TEST(AnyOptimizer, RefusesBadOptions) {
  const std::vector<Variable> none;
  const auto sgd = [&](const SGDOptions& options) {
    return refusal<ValueError>([&] { SGD(none, options); });
  };
  const auto adam = [&](const AdamOptions& options) {
    return refusal<ValueError>([&] { Adam(none, options); });
  };
  EXPECT_EQ(sgd({.learning_rate = -1}), "Optimizer: learning rate must be at least 0, got -1");
  EXPECT_EQ(sgd({.learning_rate = std::nan("")}),
            "Optimizer: learning rate must be at least 0, got nan");
  EXPECT_EQ(sgd({.momentum = 1}), "SGD: momentum must lie in [0, 1), got 1");
  EXPECT_EQ(sgd({.momentum = -0.5}), "SGD: momentum must lie in [0, 1), got -0.5");
  EXPECT_EQ(adam({.learning_rate = -1}), "Optimizer: learning rate must be at least 0, got -1");
  EXPECT_EQ(sgd({.weight_decay = -1}), "SGD: weight decay must be at least 0, got -1");
  EXPECT_EQ(adam({.epsilon = -1}), "Adam: epsilon must be at least 0, got -1");
  EXPECT_EQ(adam({.weight_decay = -1}), "Adam: weight decay must be at least 0, got -1");
  EXPECT_EQ(adam({.beta1 = 1}), "Adam: beta must lie in [0, 1), got 1");
  EXPECT_EQ(adam({.beta2 = -0.5}), "Adam: beta must lie in [0, 1), got -0.5");
  EXPECT_EQ(refusal<ValueError>([&] { AdamW(none, {.beta2 = 1.5}); }),
            "Adam: beta must lie in [0, 1), got 1.5");
  SGD good(none, {});
  EXPECT_EQ(refusal<ValueError>([&] { good.set_learning_rate(-0.5); }),
            "Optimizer: learning rate must be at least 0, got -0.5");
  EXPECT_EQ(good.learning_rate(), 0.1) << "a refused rate must not stay";
}

TEST(Clipping, ScalesAllGradientsByOneFactorAndReturnsTheLengthBefore) {
  const Variable a = parameter_with({0, 0}, {2, 0}), b = parameter_with({0, 0}, {3, 6});
  EXPECT_NEAR(optim::clip_by_global_norm({a, b}, 3.5), 7, 1e-6);
  EXPECT_TRUE(close(a.grad(), Tensor({2}, {1, 0})));
  EXPECT_TRUE(close(b.grad(), Tensor({2}, {1.5, 3})));
}

TEST(Clipping, LeavesSmallGradientsAlone) {
  const Variable p = parameter_with({0, 0}, {3, 4});
  EXPECT_NEAR(optim::clip_by_global_norm({p}, 5), 5, 1e-6);
  EXPECT_NEAR(optim::clip_by_global_norm({p}, 100), 5, 1e-6);
  EXPECT_TRUE(same_bits(p.grad(), Tensor({2}, {3, 4})));
}

TEST(Clipping, DoesNotNeedEveryGradient) {
  const Variable p = parameter_with({0, 0}, {3, 4}), alone(Tensor({2}), true);
  EXPECT_NEAR(optim::clip_by_global_norm({alone, p}, 1), 5, 1e-6);
  EXPECT_FALSE(alone.has_grad());
  EXPECT_EQ(optim::clip_by_global_norm({alone}, 1), 0);
}

TEST(Clipping, GradientsThatReceivedTheSameNumbersAreScaledOnce) {
  const Variable a(Tensor({1}, 1), true), b(Tensor({1}, 1), true);
  backward(sum((a + b) * 4));
  optim::clip_by_global_norm({a, b}, std::sqrt(8.0));
  EXPECT_TRUE(close(a.grad(), Tensor({1}, 2)));
  EXPECT_TRUE(close(b.grad(), Tensor({1}, 2)));
}

TEST(Clipping, ALengthThatIsNotFiniteScalesNothing) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Variable p = parameter_with({0}, {7}), q = parameter_with({0}, {infinity});
  EXPECT_EQ(optim::clip_by_global_norm({p, q}, 1), infinity);
  const Variable r = parameter_with({0}, {std::numeric_limits<Scalar>::quiet_NaN()});
  EXPECT_TRUE(std::isnan(optim::clip_by_global_norm({p, r}, 1)));
  EXPECT_TRUE(same_bits(p.grad(), Tensor({1}, 7)));
}

TEST(Clipping, RefusesALimitThatIsNotAboveZero) {
  EXPECT_EQ(refusal<ValueError>([] { optim::clip_by_global_norm({}, 0); }),
            "clip_by_global_norm: the norm must be above 0, got 0");
  EXPECT_EQ(refusal<ValueError>([] { optim::clip_by_global_norm({}, -1); }),
            "clip_by_global_norm: the norm must be above 0, got -1");
}

}  // namespace
}  // namespace rapt
