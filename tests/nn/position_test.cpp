#include "nn/position.h"

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

TEST(SinusoidalTable, ValuesByHand) {
  const auto sine = [](double angle) { return static_cast<Scalar>(std::sin(angle)); };
  const auto cosine = [](double angle) { return static_cast<Scalar>(std::cos(angle)); };
  // D = 4: the angles are t and t / 100.
  const Tensor expected({3, 4}, {0, 1, 0, 1,                                    //
                                 sine(1), cosine(1), sine(0.01), cosine(0.01),  //
                                 sine(2), cosine(2), sine(0.02), cosine(0.02)});
  EXPECT_TRUE(close(nn::sinusoidal_table(3, 4), expected));
}

TEST(SinusoidalTable, AnOddNumberOfFeaturesEndsWithASine) {
  const Tensor table = nn::sinusoidal_table(2, 3);
  EXPECT_NEAR(table.at({1, 2}), std::sin(std::pow(10000.0, -2.0 / 3)), 1e-7);
}

TEST(SinusoidalPositions, AddsTheFirstRowsToEveryBatch) {
  const nn::SinusoidalPositions positions(5, 4);
  EXPECT_TRUE(positions.parameters().empty());
  const Tensor table = nn::sinusoidal_table(5, 4);
  const Variable y = positions(Tensor({2, 3, 4}));
  for (Index batch : {0, 1})
    EXPECT_TRUE(same_bits(select(y, 0, batch), table.slice(0, 0, 3))) << "batch " << batch;
}

TEST(LearnedPositions, AddsTheFirstRowsToEveryBatch) {
  Rng rng(1);
  const nn::LearnedPositions positions(5, 4, rng);
  const Variable y = positions(Tensor({2, 3, 4}));
  for (Index batch : {0, 1})
    EXPECT_TRUE(same_bits(select(y, 0, batch), slice(positions.weight, 0, 0, 3)));
  backward(sum(y));
  EXPECT_TRUE(same_bits(positions.weight.grad().slice(0, 0, 3), Tensor({3, 4}, 2)));
  EXPECT_TRUE(same_bits(positions.weight.grad().slice(0, 3, 5), Tensor({2, 4}, 0)));
}

TEST(LearnedPositions, EveryParameterLearns) {
  Rng rng(1);
  const nn::LearnedPositions positions(5, 4, rng);
  expect_every_parameter_learns(positions, positions(random_tensor({2, 5, 4})));
}

TEST(LearnedPositions, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(nn::LearnedPositions(4, 5, one), nn::LearnedPositions(4, 5, same));
}

TEST(Positions, RefuseSequencesBeyondTheTable) {
  Rng rng(1);
  const nn::SinusoidalPositions fixed(3, 4);
  const nn::LearnedPositions learned(3, 4, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              fixed(random_tensor({1, 5, 4}));
            }),
            "SinusoidalPositions: x of [1, 5, 4] from position 0 needs 5 positions, the table [3, "
            "4] knows 3");
  EXPECT_EQ(refusal<ShapeError>([&] {
              learned(random_tensor({1, 5, 4}));
            }),
            "LearnedPositions: x of [1, 5, 4] from position 0 needs 5 positions, the table [3, 4] "
            "knows 3");
  EXPECT_NO_THROW(fixed(random_tensor({1, 3, 4})));
}

TEST(Positions, RefuseOtherShapes) {
  Rng rng(1);
  const nn::SinusoidalPositions fixed(3, 4);
  const nn::LearnedPositions learned(3, 4, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              fixed(random_tensor({3, 4}));
            }),
            "SinusoidalPositions: x [B, T, D]: expected [any, any, 4], got [3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              learned(random_tensor({1, 3, 2}));
            }),
            "LearnedPositions: x [B, T, D]: expected [any, any, 4], got [1, 3, 2]");
}

}  // namespace
}  // namespace rapt
