#include "nn/mask.h"

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Mask;

TEST(Mask, CausalAllowsThePastAndThePresent) {
  EXPECT_TRUE(same_bits(Mask::causal(3).against({3, 3}), Tensor({3, 3}, {1, 0, 0,  //
                                                                         1, 1, 0,  //
                                                                         1, 1, 1})));
}

TEST(Mask, CausalForQueriesThatAreTheLastKeys) {
  EXPECT_TRUE(same_bits(Mask::causal(2, 4).against({2, 4}), Tensor({2, 4}, {1, 1, 1, 0,  //
                                                                            1, 1, 1, 1})));
  EXPECT_TRUE(same_bits(Mask::causal(1, 3).against({1, 3}), Tensor({1, 3}, 1)));
  EXPECT_EQ(refusal<ValueError>([] { Mask::causal(3, 2); }),
            "Mask::causal: the queries are the last of the keys, so 3 queries need as many keys, "
            "got 2");
}

TEST(Mask, WindowAllowsTheNeighbours) {
  EXPECT_TRUE(same_bits(Mask::window(4, 2).against({4, 4}), Tensor({4, 4}, {1, 1, 0, 0,  //
                                                                            1, 1, 1, 0,  //
                                                                            0, 1, 1, 1,  //
                                                                            0, 0, 1, 1})));
  EXPECT_TRUE(same_bits((Mask::window(3, 2) & Mask::causal(3)).against({3, 3}),
                        Tensor({3, 3}, {1, 0, 0, 1, 1, 0, 0, 1, 1})));
  EXPECT_TRUE(
      same_bits(Mask::window(3, 1).against({3, 3}), Tensor({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1})));
  EXPECT_TRUE(same_bits(Mask::window(3, 7).against({3, 3}), Tensor({3, 3}, 1)));
  EXPECT_EQ(refusal<ValueError>([] { Mask::window(3, 0); }),
            "Mask::window: width must be at least 1, got 0");
}

TEST(Mask, PaddingAllowsKeysBelowTheLength) {
  EXPECT_TRUE(same_bits(Mask::padding({2, 3, 0}, 3).against({3, 1, 3}),
                        Tensor({3, 1, 3}, {1, 1, 0, 1, 1, 1, 0, 0, 0})));
}

TEST(Mask, AndAllowsWhatBothAllow) {
  const Mask both = Mask::causal(3) & Mask::padding({2, 3}, 3);
  EXPECT_TRUE(same_bits(both.against({2, 3, 3}), Tensor({2, 3, 3}, {1, 0, 0, 1, 1, 0, 1, 1, 0,  //
                                                                    1, 0, 0, 1, 1, 0, 1, 1, 1})));
}

TEST(Mask, TheDefaultAllowsEverything) {
  EXPECT_TRUE(Mask().allows_everything());
  EXPECT_FALSE(Mask::causal(2).allows_everything());
  EXPECT_FALSE(Mask(Tensor({1, 1}, 0)).allows_everything());
  EXPECT_TRUE(same_bits((Mask() & Mask::causal(2)).against({2, 2}), Tensor({2, 2}, {1, 0, 1, 1})));
}

TEST(Mask, AllAxesBetweenBatchAndQueriesShareIt) {
  const Mask mask = Mask::padding({1, 2}, 2);
  EXPECT_EQ(mask.against({2, 4, 3, 2}).shape(), (Shape{2, 1, 1, 2}));
  EXPECT_EQ(Mask(Tensor({3, 2}, 1)).against({2, 4, 3, 2}).shape(), (Shape{1, 1, 3, 2}));
  EXPECT_EQ(Mask(Tensor({3, 2}, 1)).against({3, 2}).shape(), (Shape{3, 2}));
}

TEST(Mask, RefusesOtherNumbersAndShapes) {
  EXPECT_EQ(refusal<ValueError>([] {
              Mask(Tensor({1, 2}, {1, 0.5}));
            }),
            "Mask: expected 1 (may attend) and 0 (may not), got another number");
  EXPECT_EQ(refusal<ShapeError>([] { Mask(Tensor({2}, 1)); }),
            "Mask: expected [Tq, Tk] or [B, Tq, Tk], got [2]");
  EXPECT_EQ(refusal<ValueError>([] {
              Mask::padding({1, 4}, 3);
            }),
            "Mask::padding: length 4 does not lie in 0 .. 3");
  EXPECT_EQ(refusal<ValueError>([] { Mask::padding({-1}, 3); }),
            "Mask::padding: length -1 does not lie in 0 .. 3");
  EXPECT_EQ(refusal<ShapeError>([] { Mask::causal(3) & Mask::causal(2); }),
            "Mask: &: cannot broadcast [1, 3, 3] with [1, 2, 2] (axis -1: 3 vs 2)");
}

TEST(Mask, RefusesScoresItDoesNotFit) {
  const auto words = [](const Mask& mask, const Shape& scores) {
    return refusal<ShapeError>([&] { mask.against(scores); });
  };
  EXPECT_EQ(words(Mask::causal(3), {2, 3, 4}),
            "Mask: a mask [B, Tq, Tk] of [1, 3, 3] does not fit scores [.., Tq, Tk] of [2, 3, 4]");
  EXPECT_EQ(words(Mask::padding({1, 2, 3}, 3), {2, 4, 3, 3}),
            "Mask: a mask [B, Tq, Tk] of [3, 1, 3] does not fit scores [.., Tq, Tk] of "
            "[2, 4, 3, 3]");
  EXPECT_EQ(words(Mask::padding({1, 2}, 3), {3, 3}),
            "Mask: a mask [B, Tq, Tk] of [2, 1, 3] does not fit scores [.., Tq, Tk] of [3, 3]");
}

}  // namespace
}  // namespace rapt
