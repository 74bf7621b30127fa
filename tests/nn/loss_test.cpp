#include "nn/loss.h"

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

const Scalar kLog3 = std::log(Scalar(3));

TEST(CrossEntropyLoss, ValueByHand) {
  // Probabilities 1/4, 3/4 and 1/2, 1/2.
  const Tensor logits({2, 2}, {0, kLog3, 1, 1});
  const double expected = -(std::log(0.75) + std::log(0.5)) / 2;
  EXPECT_NEAR(nn::cross_entropy(logits, Ids{{2}, {1, 0}}).item(), expected, 1e-6);
}

TEST(CrossEntropyLoss, GradientIsProbabilityMinusTarget) {
  const Variable logits(Tensor({1, 2}, {0, kLog3}), true);
  backward(nn::cross_entropy(logits, Ids{{1}, {0}}));
  EXPECT_TRUE(close(logits.grad(), Tensor({1, 2}, {Scalar(-0.75), Scalar(0.75)}), 1e-6));
}

TEST(CrossEntropyLoss, SmoothingMovesAShareToAllClassesEvenly) {
  const Tensor logits({1, 2}, {0, kLog3});
  const double expected = -(0.9 * std::log(0.75) + 0.1 * std::log(0.25));  // e = 0.2: half back
  EXPECT_NEAR(nn::cross_entropy(logits, Ids{{1}, {1}}, Scalar(0.2)).item(), expected, 1e-6);
}

TEST(CrossEntropyLoss, IgnoredTargetsDoNotCount) {
  const Variable logits = random_input({3, 4});
  const Variable kept(logits.value().slice(0, 0, 2), true);
  for (const Scalar smoothing : {Scalar(0), Scalar(0.1)}) {
    const Variable loss = nn::cross_entropy(logits, Ids{{3}, {3, 1, nn::kIgnored}}, smoothing);
    EXPECT_TRUE(close(loss, nn::cross_entropy(kept, Ids{{2}, {3, 1}}, smoothing).value()));
  }
  backward(nn::cross_entropy(logits, Ids{{3}, {3, 1, nn::kIgnored}}));
  EXPECT_TRUE(same_bits(logits.grad().slice(0, 2, 3), Tensor({1, 4})));
}

TEST(CrossEntropyLoss, NothingCountedIsLossZeroAndGradientZero) {
  const Variable logits = random_input({2, 3});
  const Variable loss = nn::cross_entropy(logits, Ids{{2}, {nn::kIgnored, nn::kIgnored}});
  EXPECT_EQ(loss.item(), 0);
  backward(loss);
  EXPECT_TRUE(close(logits.grad(), Tensor({2, 3})));
}

TEST(CrossEntropyLoss, StaysFiniteForLargeLogits) {
  const Variable logits(Tensor({2, 2}, {1e4, -1e4, 1e4, -1e4}), true);
  const Variable loss = nn::cross_entropy(logits, Ids{{2}, {0, 1}});
  EXPECT_NEAR(loss.item(), 1e4, 1e-6);  // 0 and 20000, averaged
  backward(loss);
  EXPECT_TRUE(close(logits.grad(), Tensor({2, 2}, {0, 0, Scalar(0.5), Scalar(-0.5)})));
}

TEST(CrossEntropyLoss, AveragesOverAllAxesInFront) {
  const Tensor logits = random_tensor({2, 3, 4});
  const Ids deep{{2, 3}, {0, 1, 2, 3, -1, 1}}, flat{{6}, deep.values};
  EXPECT_TRUE(close(nn::cross_entropy(logits, deep),
                    nn::cross_entropy(logits.reshape({6, 4}), flat).value()));
}

TEST(CrossEntropyLoss, RefusesWhatDoesNotFit) {
  const Tensor logits = random_tensor({2, 3});
  const auto words = [&](const Ids& targets, Scalar smoothing = 0) {
    return [&logits, targets, smoothing] { nn::cross_entropy(logits, targets, smoothing); };
  };
  EXPECT_EQ(refusal<ShapeError>(words(Ids{{3}, {0, 1, 2}})),
            "cross_entropy: logits [.., V] for these targets: expected [3, any], got [2, 3]");
  EXPECT_EQ(refusal<ValueError>(words(Ids{{2}, {0, 1}}, 1)),
            "cross_entropy: smoothing must lie in [0, 1), got 1");
  EXPECT_EQ(refusal<IndexError>(words(Ids{{2}, {0, 3}})),
            "gather: id 3 is outside 0 .. 2 of [2, 3]");
  EXPECT_EQ(refusal<IndexError>(words(Ids{{2}, {0, -2}})),
            "gather: id -2 is outside 0 .. 2 of [2, 3]");
}

TEST(MeanSquaredError, ValueAndGradientByHand) {
  const Variable prediction(Tensor({2, 2}, {1, 2, 3, 4}), true);
  const Variable loss = nn::mean_squared_error(prediction, Tensor({2, 2}, {1, 4, 3, 3}));
  EXPECT_NEAR(loss.item(), 1.25, 1e-6);
  backward(loss);
  EXPECT_TRUE(close(prediction.grad(), Tensor({2, 2}, {0, -1, 0, 0.5})));
}

TEST(MeanSquaredError, RefusesShapesThatDiffer) {
  EXPECT_EQ(refusal<ShapeError>([] {
              nn::mean_squared_error(random_tensor({2, 1}), random_tensor({2}));
            }),
            "mean_squared_error: shapes differ: [2, 1] and [2]");
}

}  // namespace
}  // namespace rapt
