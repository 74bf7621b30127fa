// Rotary, relative and ALiBi positions by hand, and all kinds behind one interface.
#include <cmath>

#include "nn/attention.h"
#include "nn/position.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::AlibiPositions;
using nn::PositionKind;
using nn::RelativePositions;
using nn::RotaryPositions;

Scalar number(double x) { return static_cast<Scalar>(x); }

TEST(Rotary, TurnsEachPairByItsAngle) {
  const RotaryPositions positions(5, 4);
  // Position 3: the first pair by 3 radians, the second by 3 / 100.
  const Variable y = positions.rotate(Tensor({1, 1, 1, 4}, {1, 0, 0, 2}), 3);
  EXPECT_TRUE(
      close(y, Tensor({1, 1, 1, 4}, {number(std::cos(3)), number(std::sin(3)),
                                     number(-2 * std::sin(0.03)), number(2 * std::cos(0.03))})));
}

TEST(Rotary, LeavesPositionZeroAndAllLengthsAlone) {
  const RotaryPositions positions(7, 6);
  const Tensor x = random_tensor({2, 3, 7, 6});
  const Variable y = positions.rotate(x, 0);
  EXPECT_TRUE(close(slice(y, 2, 0, 1), x.slice(2, 0, 1)));
  EXPECT_FALSE(close(slice(y, 2, 1, 2), x.slice(2, 1, 2)));
  EXPECT_TRUE(close(sum(y * y, -1), sum(Variable(x) * Variable(x), -1).value()));
}

TEST(Rotary, ScoresDependOnTheDistanceAlone) {
  const RotaryPositions positions(12, 4);
  const Tensor q = random_tensor({1, 1, 4, 4}, 1), k = random_tensor({1, 1, 4, 4}, 2);
  const auto scores_from = [&](Index first_q, Index first_k) {
    const Variable turned_q = positions.rotate(q, first_q);
    const Variable turned_k = positions.rotate(k, first_k);
    return nn::scaled_dot_scores(turned_q, turned_k);
  };
  const Tensor expected = scores_from(2, 0).value();
  EXPECT_TRUE(close(scores_from(8, 6), expected));
  EXPECT_FALSE(close(scores_from(3, 0), expected));
}

TEST(Rotary, GoesOnWhereTheLastPieceEnded) {
  const RotaryPositions positions(5, 4);
  const Tensor x = random_tensor({2, 3, 5, 4});
  EXPECT_TRUE(
      same_bits(positions.rotate(x.slice(2, 2, 5), 2), slice(positions.rotate(x, 0), 2, 2, 5)));
}

TEST(Rotary, Refuses) {
  EXPECT_EQ(refusal<ValueError>([] { RotaryPositions(5, 3); }),
            "RotaryPositions: expected an even number of features in a head, got 3");
  const RotaryPositions positions(5, 4);
  EXPECT_EQ(refusal<ShapeError>([&] {
              positions.rotate(random_tensor({1, 2, 3, 6}), 0);
            }),
            "RotaryPositions: x [B, H, T, D/H]: expected [any, any, any, 4], got [1, 2, 3, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              positions.rotate(random_tensor({1, 2, 3, 4}), 3);
            }),
            "RotaryPositions: x of [1, 2, 3, 4] from position 3 needs 6 positions, the table "
            "[5, 4] knows 5");
}

TEST(Relative, OneNumberForEachHeadAndDistanceFarOnesShared) {
  Rng rng(1);
  const RelativePositions positions(2, 2, rng);
  set_parameter(positions, "weight", {-2, 20, -1, 10, 0, 0, 1, 11, 2, 21});  // rows -2 .. 2
  const Variable bias = *positions.bias(4, 4);
  EXPECT_TRUE(same_bits(bias, Tensor({2, 4, 4}, {0,  1,  2,  2,  -1, 0,  1,  2,   //
                                                 -2, -1, 0,  1,  -2, -2, -1, 0,   //
                                                 0,  11, 21, 21, 10, 0,  11, 21,  //
                                                 20, 10, 0,  11, 20, 20, 10, 0})));
  EXPECT_TRUE(same_bits(*positions.bias(1, 3), slice(slice(bias, 1, 2, 3), 2, 0, 3)))
      << "a query is the last of its keys";
}

TEST(Relative, ClippedDistancesShareTheirGradient) {
  Rng rng(1);
  const RelativePositions positions(1, 1, rng);
  backward(sum(*positions.bias(3, 3)));
  // Of nine pairs, three look back, three ahead, three at themselves.
  EXPECT_TRUE(same_bits(positions.weight.grad(), Tensor({3, 1}, 3)));
}

TEST(Alibi, SlopesAreAGeometricSequence) {
  // Eight heads: 1/2, 1/4, .. 1/256, as in the paper.
  const Variable eight = *AlibiPositions(8).bias(2, 2);
  for (Index h = 0; h < 8; ++h)
    EXPECT_EQ(eight.value().at({h, 1, 0}), -std::ldexp(Scalar(1), -static_cast<int>(h) - 1));
  const Variable two = *AlibiPositions(2).bias(3, 3);
  const Scalar a = number(1.0 / 16), b = number(1.0 / 256);
  EXPECT_TRUE(close(two, Tensor({2, 3, 3}, {0, -a, -2 * a, -a, 0, -a, -2 * a, -a, 0,  //
                                            0, -b, -2 * b, -b, 0, -b, -2 * b, -b, 0})));
  EXPECT_TRUE(same_bits(*AlibiPositions(2).bias(1, 3), slice(two, 1, 2, 3)));
  // Three heads: the ratio is 2^(-8/3).
  EXPECT_NEAR(AlibiPositions(3).bias(2, 2)->value().at({2, 1, 0}), -1.0 / 256, 1e-7);
}

TEST(Alibi, NearKeysGetMoreWeight) {
  const AlibiPositions positions(1);
  const Variable zero_scores(Tensor({1, 1, 1, 4}));
  const Variable weights = softmax(zero_scores + *positions.bias(1, 4));
  for (Index j = 0; j < 3; ++j)
    EXPECT_LT(weights.value().at({0, 0, 0, j}), weights.value().at({0, 0, 0, j + 1})) << j;
}

TEST(Bias, RefusesMoreQueriesThanKeys) {
  Rng rng(1);
  const RelativePositions relative(2, 2, rng);
  EXPECT_EQ(refusal<ValueError>([&] { relative.bias(4, 3); }),
            "RelativePositions: the queries are the last of the keys, so 4 queries need as many "
            "keys, got 3");
  EXPECT_EQ(refusal<ValueError>([] { AlibiPositions(2).bias(4, 3); }),
            "AlibiPositions: the queries are the last of the keys, so 4 queries need as many "
            "keys, got 3");
}

// Which of the three places a kind uses: added, rotated, biased.
std::string places(PositionKind kind) {
  Rng rng(1);
  const std::unique_ptr<nn::Positions> positions = nn::make_positions(kind, 6, 8, 2, rng);
  const Tensor x = random_tensor({2, 5, 8}), q = random_tensor({2, 2, 5, 4});
  std::string used;
  if (!same_bits((*positions)(x), x)) used += "added ";
  if (!same_bits(positions->rotate(q, 0), q)) used += "rotated ";
  const std::optional<Variable> bias = positions->bias(3, 5);
  if (bias) {
    used += "biased ";
    EXPECT_EQ(bias->shape(), (Shape{2, 3, 5}));
  }
  return used;
}

TEST(PositionKinds, EachUsesOnePlace) {
  EXPECT_EQ(places(PositionKind::none), "");
  EXPECT_EQ(places(PositionKind::sinusoidal), "added ");
  EXPECT_EQ(places(PositionKind::learned), "added ");
  EXPECT_EQ(places(PositionKind::rotary), "rotated ");
  EXPECT_EQ(places(PositionKind::relative), "biased ");
  EXPECT_EQ(places(PositionKind::alibi), "biased ");
}

TEST(PositionKinds, AddedOnesGoOnWhereTheLastPieceEnded) {
  for (const PositionKind kind : {PositionKind::sinusoidal, PositionKind::learned}) {
    Rng rng(1);
    const std::unique_ptr<nn::Positions> positions = nn::make_positions(kind, 5, 4, 2, rng);
    const Tensor x = random_tensor({2, 5, 4});
    EXPECT_TRUE(same_bits((*positions)(x.slice(1, 2, 5), 2), slice((*positions)(x), 1, 2, 5)));
    EXPECT_NE(refusal<ShapeError>([&] {
                (*positions)(x.slice(1, 0, 1), 5);
              }).find("x of [2, 1, 4] from position 5 needs 6 positions"),
              std::string::npos);
  }
}

TEST(PositionKinds, HaveNames) {
  EXPECT_EQ(nn::position_names(), (std::vector<std::string>{"none", "sinusoidal", "learned",
                                                            "rotary", "relative", "alibi"}));
  EXPECT_EQ(nn::position_kind("none"), PositionKind::none);
  EXPECT_EQ(nn::position_kind("alibi"), PositionKind::alibi);
  EXPECT_EQ(refusal<ValueError>([] { nn::position_kind("rope"); }),
            "position_kind: expected one of none, sinusoidal, learned, rotary, relative, alibi, "
            "got 'rope'");
}

TEST(PositionKinds, SameSeedSameBits) {
  for (const PositionKind kind : {PositionKind::learned, PositionKind::relative}) {
    Rng one(3), same(3);
    expect_same_parameters(*nn::make_positions(kind, 5, 4, 2, one),
                           *nn::make_positions(kind, 5, 4, 2, same));
  }
}

TEST(PositionKinds, FixedOnesDrawNothing) {
  for (const char* name : {"none", "sinusoidal", "rotary", "alibi"}) {
    Rng rng(1), untouched(1);
    EXPECT_TRUE(nn::make_positions(nn::position_kind(name), 5, 4, 2, rng)->parameters().empty());
    EXPECT_EQ(rng.next(), untouched.next()) << name;
  }
}

}  // namespace
}  // namespace rapt
