// MultiHeadAttention: self and cross.
#include <cmath>

#include "nn/attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Attended;
using nn::Mask;
using nn::MultiHeadAttention;

Scalar against_zero(double x) { return static_cast<Scalar>(1 / (1 + std::exp(-x))); }

TEST(MultiHead, EachHeadSeesItsShareOfTheFeatures) {
  Rng rng(1);
  const MultiHeadAttention attention(2, 2, rng);
  set_all_parameters(attention, 0);
  for (const char* name : {"query.weight", "key.weight", "value.weight"})
    set_parameter(attention, name, {1, 0, 0, 1});
  set_parameter(attention, "output.weight", {0, 10, 1, 0});  // swaps the heads
  // Head 0 sees the features 1, 0 over time, head 1 the features 0, 2; no root, as D / H = 1.
  const Attended attended = attention(Tensor({1, 2, 2}, {1, 0, 0, 2}));
  const Scalar one = against_zero(1), four = against_zero(4), half(0.5);
  EXPECT_TRUE(close(attended.weights, Tensor({1, 2, 2, 2}, {one, 1 - one, half, half,  //
                                                            half, half, 1 - four, four})));
  EXPECT_TRUE(close(attended.context, Tensor({1, 2, 2}, {10, one, 20 * four, half})));
}

TEST(MultiHead, Shapes) {
  Rng rng(1);
  const MultiHeadAttention attention(6, 3, rng);
  const Attended self = attention(random_tensor({2, 5, 6}));
  EXPECT_EQ(self.context.shape(), (Shape{2, 5, 6}));
  EXPECT_EQ(self.weights.shape(), (Shape{2, 3, 5, 5}));
  const Attended cross = attention(random_tensor({2, 4, 6}, 1), random_tensor({2, 5, 6}, 2));
  EXPECT_EQ(cross.context.shape(), (Shape{2, 4, 6}));
  EXPECT_EQ(cross.weights.shape(), (Shape{2, 3, 4, 5}));
  EXPECT_TRUE(close(sum(cross.weights, -1), Tensor({2, 3, 4}, 1)));
}

TEST(MultiHead, CrossAttentionToItselfIsSelfAttention) {
  Rng rng(1);
  const MultiHeadAttention attention(6, 3, rng);
  const Tensor x = random_tensor({2, 5, 6});
  EXPECT_TRUE(same_bits(attention(x).context, attention(x, x).context));
}

TEST(MultiHead, AskingWhatWasReadIsCrossAttention) {
  Rng rng(1);
  const MultiHeadAttention attention(6, 3, rng);
  const Variable target = random_tensor({2, 4, 6}, 1), source = random_tensor({2, 5, 6}, 2);
  const Mask mask = Mask::padding({3, 5}, 5);
  const nn::KeysValues known = attention.read(source);
  EXPECT_EQ(known.keys.shape(), (Shape{2, 3, 5, 2}));
  EXPECT_EQ(known.values.shape(), (Shape{2, 3, 5, 2}));
  const Attended asked = attention.ask(target, known, mask);
  const Attended expected = attention(target, source, mask);
  EXPECT_TRUE(same_bits(asked.context, expected.context));
  EXPECT_TRUE(same_bits(asked.weights, expected.weights));
}

TEST(MultiHead, APieceAfterThePastIsTheEndOfTheWhole) {
  for (const std::string& name : nn::position_names()) {
    Rng rng(1);
    const MultiHeadAttention attention(6, 3, rng);
    const auto positions = nn::make_positions(nn::position_kind(name), 5, 6, 3, rng);
    const Tensor x = random_tensor({2, 5, 6});
    const Attended whole = attention(x, Mask::causal(5), *positions);
    nn::KeysValues past = attention.nothing(2);
    EXPECT_EQ(past.keys.shape(), (Shape{2, 3, 0, 2}));
    attention(x.slice(1, 0, 3), Mask::causal(3), *positions, &past);
    EXPECT_EQ(past.keys.shape(), (Shape{2, 3, 3, 2}));
    const Attended end = attention(x.slice(1, 3, 5), Mask::causal(2, 5), *positions, &past);
    EXPECT_TRUE(same_bits(end.context, slice(whole.context, 1, 3, 5))) << name;
    EXPECT_TRUE(same_bits(end.weights, slice(whole.weights, 2, 3, 5))) << name;
    const Attended asked = attention.ask(x.slice(1, 3, 5), attention.read(x, *positions),
                                         Mask::causal(2, 5), *positions);
    EXPECT_TRUE(same_bits(asked.context, end.context)) << name;
  }
}

TEST(MultiHead, AllHeadsShareTheMask) {
  Rng rng(1);
  const MultiHeadAttention attention(6, 3, rng);
  const Tensor weights =
      attention(random_tensor({2, 4, 6}), Mask::padding({2, 4}, 4)).weights.value();
  EXPECT_TRUE(same_bits(weights.slice(0, 0, 1).slice(3, 2, 4), Tensor({1, 3, 4, 2})));
  EXPECT_TRUE(close(sum(Variable(weights), -1), Tensor({2, 3, 4}, 1)));
}

TEST(MultiHead, ASequenceWithoutAnyKeyGivesTheOutputBiasAndFiniteGradients) {
  Rng rng(1);
  const MultiHeadAttention attention(4, 2, rng);
  set_parameter(attention, "output.bias", {1, 2, 3, 4});
  const Variable x = random_input({2, 3, 4});
  const Attended attended = attention(x, Mask::padding({0, 3}, 3));
  EXPECT_TRUE(same_bits(attended.weights.value().slice(0, 0, 1), Tensor({1, 2, 3, 3})));
  EXPECT_TRUE(close(select(attended.context, 0, 0), Tensor({4}, {1, 2, 3, 4}).expand({3, 4})));
  expect_every_parameter_learns(attention, attended.context, {"key.bias"});
  EXPECT_TRUE(close(x.grad().slice(0, 0, 1), Tensor({1, 3, 4})));
}

TEST(MultiHead, NamesOfParameters) {
  Rng rng(1);
  EXPECT_EQ(
      names_of(MultiHeadAttention(4, 2, rng)),
      (std::vector<std::string>{"query.weight", "query.bias", "key.weight", "key.bias",
                                "value.weight", "value.bias", "output.weight", "output.bias"}));
}

TEST(MultiHead, EveryParameterLearns) {
  Rng rng(1);
  const MultiHeadAttention attention(6, 3, rng);
  expect_every_parameter_learns(attention, attention(random_tensor({2, 5, 6})).context,
                                {"key.bias"});
  expect_every_parameter_learns(
      attention, attention(random_tensor({2, 4, 6}, 1), random_tensor({2, 5, 6}, 2)).context,
      {"key.bias"});
}

TEST(MultiHead, RefusesHeadsThatDoNotDivide) {
  Rng rng(1);
  EXPECT_EQ(refusal<ValueError>([&] { MultiHeadAttention(6, 4, rng); }),
            "MultiHeadAttention: 4 heads do not divide 6 features");
  EXPECT_EQ(refusal<ValueError>([&] { MultiHeadAttention(6, 0, rng); }),
            "MultiHeadAttention: heads must be at least 1, got 0");
}

TEST(MultiHead, RefusesOtherShapes) {
  Rng rng(1);
  const MultiHeadAttention attention(4, 2, rng);
  const Tensor x = random_tensor({2, 3, 4});
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(random_tensor({2, 3, 5}));
            }),
            "MultiHeadAttention: target [B, Tq, D]: expected [any, any, 4], got [2, 3, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(x, random_tensor({2, 3, 5}));
            }),
            "MultiHeadAttention: source [B, Tk, D]: expected [2, any, 4], got [2, 3, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(x, random_tensor({1, 3, 4}));
            }),
            "MultiHeadAttention: source [B, Tk, D]: expected [2, any, 4], got [1, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { attention(x, Mask::causal(2)); }),
            "Mask: a mask [B, Tq, Tk] of [1, 2, 2] does not fit scores [.., Tq, Tk] of "
            "[2, 2, 3, 3]");
  const nn::KeysValues other = attention.read(random_tensor({1, 3, 4}));
  EXPECT_EQ(refusal<ShapeError>([&] { attention.ask(x, other); }),
            "MultiHeadAttention: keys [B, H, Tk, D/H] for this target: expected [2, 2, any, 2], "
            "got [1, 2, 3, 2]");
}

TEST(MultiHead, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(MultiHeadAttention(4, 2, one), MultiHeadAttention(4, 2, same));
}

}  // namespace
}  // namespace rapt
