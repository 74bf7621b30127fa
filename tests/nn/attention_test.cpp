// The attention functions and SelfAttention, one head.
#include "nn/attention.h"

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Attended;
using nn::Mask;
using nn::SelfAttention;

// e^x / (e^x + 1): the weight of a score x against a score 0.
Scalar against_zero(double x) { return static_cast<Scalar>(1 / (1 + std::exp(-x))); }

TEST(DotScores, ByHand) {
  const Tensor q({2, 2}, {1, 2, 3, 4}), k({3, 2}, {1, 0, 0, 1, 1, 1});
  EXPECT_TRUE(close(nn::dot_scores(q, k), Tensor({2, 3}, {1, 2, 3, 3, 4, 7})));
}

TEST(ScaledDotScores, AreDividedByTheRootOfTheFeatures) {
  const Tensor q({1, 4}, {1, 2, 3, 4}), k({2, 4}, {1, 1, 1, 1, 0, 2, 0, 0});
  EXPECT_TRUE(close(nn::scaled_dot_scores(q, k), Tensor({1, 2}, {5, 2})));
}

TEST(Attend, MixesTheValuesByTheWeights) {
  const Scalar log3 = std::log(Scalar(3));
  const Tensor scores({1, 2}, {0, log3}), v({2, 3}, {0, 4, 8, 4, 0, 8});
  const Attended attended = nn::attend(scores, v);
  EXPECT_TRUE(close(attended.weights, Tensor({1, 2}, {Scalar(0.25), Scalar(0.75)})));
  EXPECT_TRUE(close(attended.context, Tensor({1, 3}, {3, 1, 8})));
}

TEST(Attend, GivesMaskedKeysNoWeight) {
  const Tensor scores({2, 3}, {1, 1, 9, 9, 2, 2}), v({3, 1}, {2, 4, 100});
  const Attended attended = nn::attend(scores, v, Mask(Tensor({2, 3}, {1, 1, 0, 0, 1, 0})));
  EXPECT_TRUE(close(attended.weights, Tensor({2, 3}, {0.5, 0.5, 0, 0, 1, 0})));
  EXPECT_TRUE(close(attended.context, Tensor({2, 1}, {3, 4})));
}

TEST(Attend, NothingAllowedIsZeroWeightAndZeroFiniteGradient) {
  const Variable scores = random_input({2, 2, 3}, 1), v = random_input({2, 3, 2}, 2);
  // The first sequence may attend to nothing, the second to everything.
  const Attended attended = nn::attend(scores, v, Mask::padding({0, 3}, 3));
  EXPECT_TRUE(same_bits(attended.weights.value().slice(0, 0, 1), Tensor({1, 2, 3})));
  EXPECT_TRUE(same_bits(attended.context.value().slice(0, 0, 1), Tensor({1, 2, 2})));
  EXPECT_TRUE(close(sum(attended.weights, -1).value().slice(0, 1, 2), Tensor({1, 2}, 1)));
  backward_at_random(attended.context);
  EXPECT_TRUE(close(scores.grad().slice(0, 0, 1), Tensor({1, 2, 3})));
  EXPECT_TRUE(close(v.grad().slice(0, 0, 1), Tensor({1, 3, 2})));
  EXPECT_GT(largest_magnitude(scores.grad().slice(0, 1, 2)), 1e-3);
}

TEST(ScaledDotProduct, LargeScoresPickOneKey) {
  const Tensor q({1, 1}, 1e4), k({2, 1}, {-1, 1}), v({2, 1}, {5, 7});
  const Attended attended = nn::scaled_dot_product(q, k, v);
  EXPECT_TRUE(close(attended.weights, Tensor({1, 2}, {0, 1})));
  EXPECT_TRUE(close(attended.context, Tensor({1, 1}, 7)));
}

TEST(ScaledDotProduct, WorksForAnyAxesInFront) {
  const Tensor q = random_tensor({2, 3, 4, 5}, 1), k = random_tensor({2, 3, 6, 5}, 2);
  const Attended attended = nn::scaled_dot_product(q, k, random_tensor({2, 3, 6, 7}, 3));
  EXPECT_EQ(attended.context.shape(), (Shape{2, 3, 4, 7}));
  EXPECT_EQ(attended.weights.shape(), (Shape{2, 3, 4, 6}));
  EXPECT_TRUE(close(sum(attended.weights, -1), Tensor({2, 3, 4}, 1)));
}

TEST(ScaledDotProduct, RefusesShapesThatDoNotFit) {
  const Tensor q = random_tensor({2, 3, 4});
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::scaled_dot_product(q, random_tensor({2, 5, 3}), q);
            }),
            "attention: q [.., Tq, D] and k [.., Tk, D] differ in D: [2, 3, 4] and [2, 5, 3] "
            "(4 vs 3); did you mean Score::general?");
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::scaled_dot_product(q, random_tensor({2, 5, 4}), random_tensor({2, 6, 4}));
            }),
            "attention: v [.., Tk, E] for these scores: expected [.., 5, any], got [2, 6, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { nn::scaled_dot_product(q, q, q, Mask::causal(4)); }),
            "Mask: a mask [B, Tq, Tk] of [1, 4, 4] does not fit scores [.., Tq, Tk] of [2, 3, 3]");
}

TEST(SelfAttentionLayer, ByHand) {
  Rng rng(1);
  const SelfAttention attention(2, 2, 2, rng);
  set_all_parameters(attention, 0);
  for (const char* name : {"query.weight", "key.weight", "value.weight"})
    set_parameter(attention, name, {1, 0, 0, 1});
  // q = k = v = x, the unit vectors: each scores 1/sqrt(2) with itself and 0 with the other.
  const Scalar own = against_zero(std::sqrt(0.5));
  const Attended attended = attention(Tensor({1, 2, 2}, {1, 0, 0, 1}));
  const Tensor expected({1, 2, 2}, {own, 1 - own, 1 - own, own});
  EXPECT_TRUE(close(attended.weights, expected));
  EXPECT_TRUE(close(attended.context, expected));
}

TEST(SelfAttentionLayer, KeysAndValuesHaveTheirOwnFeatures) {
  Rng rng(1);
  const SelfAttention attention(4, 3, 5, rng);
  EXPECT_EQ(names_of(attention),
            (std::vector<std::string>{"query.weight", "query.bias", "key.weight", "key.bias",
                                      "value.weight", "value.bias"}));
  const Attended attended = attention(random_tensor({2, 6, 4}));
  EXPECT_EQ(attended.context.shape(), (Shape{2, 6, 5}));
  EXPECT_EQ(attended.weights.shape(), (Shape{2, 6, 6}));
}

TEST(SelfAttentionLayer, EveryParameterLearns) {
  Rng rng(1);
  const SelfAttention attention(4, 3, 5, rng);
  expect_every_parameter_learns(attention, attention(random_tensor({2, 6, 4})).context,
                                {"key.bias"});
}

TEST(SelfAttentionLayer, RefusesOtherShapes) {
  Rng rng(1);
  const SelfAttention attention(4, 3, 5, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(random_tensor({2, 6, 3}));
            }),
            "SelfAttention: x [B, T, D]: expected [any, any, 4], got [2, 6, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(random_tensor({6, 4}));
            }),
            "SelfAttention: x [B, T, D]: expected [any, any, 4], got [6, 4]");
}

TEST(SelfAttentionLayer, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(SelfAttention(4, 3, 5, one), SelfAttention(4, 3, 5, same));
}

}  // namespace
}  // namespace rapt
