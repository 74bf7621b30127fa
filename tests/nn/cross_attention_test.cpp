// CrossAttention: a target asks a source; and SelfAttention with any score.
#include <cmath>

#include "nn/attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Attended;
using nn::CrossAttention;
using nn::Mask;
using nn::Memory;
using nn::Score;
using nn::SelfAttention;

constexpr Score kScores[] = {Score::dot, Score::scaled_dot, Score::general, Score::additive};

// x with its positions in the order 3, 0, 1, 2
Variable turned(const Variable& x, Index axis) {
  return concat({slice(x, axis, 3, 4), slice(x, axis, 0, 3)}, axis);
}

TEST(CrossAttentionLayer, ByHand) {
  Rng rng(1);
  const CrossAttention attention(1, 2, rng, Score::general);
  const Scalar log3 = std::log(Scalar(3));
  set_parameter(attention, "score.weight", {log3, 0});  // looks at the first feature alone
  const Tensor target({1, 2, 1}, {1, 0}), source({1, 2, 2}, {0, 4, 1, 8});
  const Attended attended = attention(target, source);
  EXPECT_TRUE(close(attended.weights,
                    Tensor({1, 2, 2}, {Scalar(0.25), Scalar(0.75), Scalar(0.5), Scalar(0.5)})));
  EXPECT_TRUE(close(attended.context, Tensor({1, 2, 2}, {Scalar(0.75), 7, Scalar(0.5), 6})));
}

TEST(CrossAttentionLayer, AnyScoreMixesTheSource) {
  for (const Score score : kScores) {
    Rng rng(1);
    const CrossAttention attention(4, 4, rng, score);
    const Tensor target = random_tensor({2, 3, 4}, 1), source = random_tensor({2, 5, 4}, 2);
    const Attended attended = attention(target, source);
    EXPECT_EQ(attended.weights.shape(), (Shape{2, 3, 5}));
    EXPECT_TRUE(close(sum(attended.weights, -1), Tensor({2, 3}, 1)));
    EXPECT_TRUE(close(attended.context, matmul(attended.weights, source).value()));
  }
}

TEST(CrossAttentionLayer, ReadOnceAndAskedStepByStepIsTheSame) {
  for (const Score score : kScores) {
    Rng rng(1);
    const CrossAttention attention(4, 4, rng, score);
    const Tensor target = random_tensor({2, 3, 4}, 1), source = random_tensor({2, 5, 4}, 2);
    const Mask mask = Mask::padding({5, 2}, 5);
    const Attended whole = attention(target, source, mask);
    const Memory memory = attention.read(source, mask);
    for (Index t = 0; t < 3; ++t) {
      const Attended step = attention.ask(target.slice(1, t, t + 1), memory);
      EXPECT_TRUE(same_bits(step.context, slice(whole.context, 1, t, t + 1))) << "step " << t;
      EXPECT_TRUE(same_bits(step.weights, slice(whole.weights, 1, t, t + 1))) << "step " << t;
    }
  }
}

TEST(CrossAttentionLayer, PaddedSourcePositionsGetNoWeightAndNoGradient) {
  for (const Score score : kScores) {
    Rng rng(1);
    const CrossAttention attention(4, 4, rng, score);
    const Variable target = random_input({2, 3, 4}, 1), source = random_input({2, 5, 4}, 2);
    const Attended attended = attention(target, source, Mask::padding({5, 2}, 5));
    EXPECT_TRUE(
        same_bits(attended.weights.value().slice(0, 1, 2).slice(2, 2, 5), Tensor({1, 3, 3})));
    const Attended alone =
        attention(slice(target, 0, 1, 2), slice(slice(source, 0, 1, 2), 1, 0, 2));
    EXPECT_TRUE(close(attended.context.value().slice(0, 1, 2), alone.context.value()));
    backward_at_random(attended.context);
    EXPECT_EQ(largest_magnitude(source.grad().slice(0, 1, 2).slice(1, 2, 5)), 0);
    EXPECT_GT(largest_magnitude(source.grad().slice(0, 1, 2).slice(1, 0, 2)), 0);
  }
}

// Attention sees the source as a set: in another order each state keeps its weight.
TEST(CrossAttentionLayer, TheOrderOfTheSourceDoesNotMatter) {
  for (const Score score : kScores) {
    Rng rng(1);
    const CrossAttention attention(4, 4, rng, score);
    const Tensor target = random_tensor({2, 3, 4}, 1), source = random_tensor({2, 4, 4}, 2);
    const Attended attended = attention(target, source);
    const Attended other = attention(target, turned(source, 1));
    EXPECT_TRUE(close(other.weights, turned(attended.weights, 2).value()));
    EXPECT_TRUE(close(other.context, attended.context.value()));
  }
}

TEST(CrossAttentionLayer, EveryParameterLearns) {
  for (const Score score : {Score::general, Score::additive}) {
    Rng rng(1);
    const CrossAttention attention(4, 6, rng, score);
    expect_every_parameter_learns(
        attention, attention(random_tensor({2, 3, 4}, 1), random_tensor({2, 5, 6}, 2)).context);
  }
}

TEST(CrossAttentionLayer, RefusesOtherShapes) {
  Rng rng(1);
  const CrossAttention attention(4, 6, rng, Score::additive);
  const Tensor target = random_tensor({2, 3, 4}), source = random_tensor({2, 5, 6});
  EXPECT_EQ(refusal<ShapeError>([&] { attention(target, target); }),
            "CrossAttention: source [B, Tk, E]: expected [any, any, 6], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { attention(source, source); }),
            "CrossAttention: target [B, Tq, D] for this source: expected [2, any, 4], got "
            "[2, 5, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(random_tensor({1, 3, 4}), source);
            }),
            "CrossAttention: target [B, Tq, D] for this source: expected [2, any, 4], got "
            "[1, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { attention(target, source, Mask::causal(3)); }),
            "Mask: a mask [B, Tq, Tk] of [1, 3, 3] does not fit scores [.., Tq, Tk] of "
            "[2, 3, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] { CrossAttention(4, 6, rng, Score::dot); }),
            "attention: the dot product needs q and k of equal width: 4 vs 6; did you mean "
            "Score::general?");
}

TEST(CrossAttentionLayer, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(CrossAttention(4, 6, one, Score::additive),
                         CrossAttention(4, 6, same, Score::additive));
}

TEST(SelfAttentionScores, TheScoreIsTheLastThingDrawn) {
  Rng one(3), same(3);
  const SelfAttention plain(4, 3, 5, one), additive(4, 3, 5, same, Score::additive);
  std::vector<std::string> names = names_of(plain);
  for (const char* name : {"score.weight_q", "score.weight_k", "score.v"}) names.push_back(name);
  EXPECT_EQ(names_of(additive), names);
  for (std::size_t i = 0; i < plain.parameters().size(); ++i)
    EXPECT_TRUE(same_bits(additive.parameters()[i], plain.parameters()[i])) << names[i];
}

TEST(SelfAttentionScores, ScaledIsTheDotProductOfScaledQueries) {
  Rng one(3), same(3);
  const SelfAttention scaled(4, 3, 5, one), dot(4, 3, 5, same, Score::dot);
  for (NamedVariable p : dot.named_parameters())
    if (p.name.rfind("query.", 0) == 0)
      p.variable.mutable_value() = (p.variable.detach() / std::sqrt(Scalar(3))).value();
  const Tensor x = random_tensor({2, 6, 4});
  EXPECT_TRUE(close(dot(x).context, scaled(x).context.value()));
}

TEST(SelfAttentionScores, EveryParameterLearns) {
  Rng rng(1);
  const Tensor x = random_tensor({2, 6, 4});
  const SelfAttention general(4, 3, 5, rng, Score::general);
  const SelfAttention additive(4, 3, 5, rng, Score::additive);
  expect_every_parameter_learns(general, general(x).context, {"key.bias"});
  expect_every_parameter_learns(additive, additive(x).context);
}

}  // namespace
}  // namespace rapt
