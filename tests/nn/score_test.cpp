// The scorers: how well each query matches each key.
#include "nn/score.h"

#include <cmath>

#include "nn/attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::AdditiveScorer;
using nn::GeneralScorer;
using nn::make_scorer;
using nn::Score;
using nn::Scorer;

Scalar tanh_of(double x) { return static_cast<Scalar>(std::tanh(x)); }

constexpr Score kScores[] = {Score::dot, Score::scaled_dot, Score::general, Score::additive};

TEST(Scorers, DotProductsAreTheFunctions) {
  Rng rng(1);
  const Tensor q = random_tensor({2, 3, 4}, 1), k = random_tensor({2, 5, 4}, 2);
  EXPECT_TRUE(same_bits((*make_scorer(Score::dot, 4, 4, rng))(q, k), nn::dot_scores(q, k)));
  EXPECT_TRUE(
      same_bits((*make_scorer(Score::scaled_dot, 4, 4, rng))(q, k), nn::scaled_dot_scores(q, k)));
}

TEST(Scorers, GeneralByHand) {
  Rng rng(1);
  const GeneralScorer scorer(2, 3, rng);
  set_parameter(scorer, "weight", {1, 0, 2, 0, 1, -1});  // k W^T = (k1 + 2 k3, k2 - k3)
  const Tensor q({1, 1, 2}, {3, 10}), k({1, 2, 3}, {1, 1, 1, 5, 0, 2});
  EXPECT_TRUE(close(scorer.project(k), Tensor({1, 2, 2}, {3, 0, 9, -2})));
  EXPECT_TRUE(close(scorer(q, k), Tensor({1, 1, 2}, {9, 7})));
}

TEST(Scorers, GeneralWithTheIdentityIsTheDotProduct) {
  Rng rng(1);
  const GeneralScorer scorer(2, 2, rng);
  set_parameter(scorer, "weight", {1, 0, 0, 1});
  const Tensor q = random_tensor({2, 3, 2}, 1), k = random_tensor({2, 5, 2}, 2);
  EXPECT_TRUE(close(scorer(q, k), nn::dot_scores(q, k).value()));
}

TEST(Scorers, AdditiveByHand) {
  Rng rng(1);
  const AdditiveScorer scorer(1, 2, 2, rng);
  set_parameter(scorer, "weight_q", {1, Scalar(0.5)});
  set_parameter(scorer, "weight_k", {1, 0, 0, 2});
  set_parameter(scorer, "v", {3, -1});
  const Tensor q({1, 2, 1}, {1, 0}), k({1, 2, 2}, {0, 1, 2, 0});
  // Of each query and key 3 tanh(q + k1) - tanh(q / 2 + 2 k2).
  EXPECT_TRUE(close(scorer(q, k),
                    Tensor({1, 2, 2}, {3 * tanh_of(1) - tanh_of(2.5), 3 * tanh_of(3) - tanh_of(0.5),
                                       -tanh_of(2), 3 * tanh_of(2)})));
}

TEST(Scorers, ShapesAndNames) {
  const std::vector<std::vector<std::string>> names{
      {}, {}, {"weight"}, {"weight_q", "weight_k", "v"}};
  for (std::size_t i = 0; i < std::size(kScores); ++i) {
    Rng rng(1);
    const std::unique_ptr<Scorer> scorer = make_scorer(kScores[i], 4, 4, rng);
    EXPECT_EQ(names_of(*scorer), names[i]);
    EXPECT_EQ((*scorer)(random_tensor({2, 3, 4}, 1), random_tensor({2, 5, 4}, 2)).shape(),
              (Shape{2, 3, 5}));
  }
  Rng rng(1);
  EXPECT_EQ(
      (*make_scorer(Score::general, 4, 6, rng))(random_tensor({2, 3, 4}), random_tensor({2, 5, 6}))
          .shape(),
      (Shape{2, 3, 5}));
  EXPECT_EQ(
      (*make_scorer(Score::additive, 4, 6, rng))(random_tensor({2, 3, 4}), random_tensor({2, 5, 6}))
          .shape(),
      (Shape{2, 3, 5}));
}

TEST(Scorers, AdditiveIsAsWideAsTheQueryOrAsAsked) {
  Rng rng(1);
  EXPECT_EQ(make_scorer(Score::additive, 4, 6, rng)->parameters()[1].shape(), (Shape{4, 6}));
  EXPECT_EQ(make_scorer(Score::additive, 4, 6, rng, 7)->parameters()[1].shape(), (Shape{7, 6}));
}

TEST(Scorers, KeysInAnotherOrderGiveScoresInThatOrder) {
  for (const Score score : kScores) {
    Rng rng(1);
    const std::unique_ptr<Scorer> scorer = make_scorer(score, 4, 4, rng);
    const Tensor q = random_tensor({2, 3, 4}, 1), k = random_tensor({2, 4, 4}, 2);
    const auto turned = [](const Variable& x, Index axis) {
      return concat({slice(x, axis, 3, 4), slice(x, axis, 0, 3)}, axis);
    };
    EXPECT_TRUE(same_bits((*scorer)(q, turned(k, 1)), turned((*scorer)(q, k), 2)));
  }
}

TEST(Scorers, EveryParameterLearns) {
  for (const Score score : {Score::general, Score::additive}) {
    Rng rng(1);
    const std::unique_ptr<Scorer> scorer = make_scorer(score, 4, 6, rng);
    expect_every_parameter_learns(
        *scorer, (*scorer)(random_tensor({2, 3, 4}, 1), random_tensor({2, 5, 6}, 2)));
  }
}

TEST(Scorers, DotProductsRefuseDifferentWidths) {
  Rng rng(1);
  for (const Score score : {Score::dot, Score::scaled_dot}) {
    EXPECT_EQ(refusal<ShapeError>([&] { make_scorer(score, 4, 6, rng); }),
              "attention: the dot product needs q and k of equal width: 4 vs 6; did you mean "
              "Score::general?");
    EXPECT_EQ(
        refusal<ShapeError>([&] {
          (*make_scorer(score, 4, 4, rng))(random_tensor({2, 3, 4}), random_tensor({2, 5, 6}));
        }),
        "attention: q [.., Tq, D] and k [.., Tk, D] differ in D: [2, 3, 4] and [2, 5, 6] "
        "(4 vs 6); did you mean Score::general?");
  }
}

TEST(Scorers, RefuseOtherShapes) {
  Rng rng(1);
  const Tensor q = random_tensor({2, 3, 4}), k = random_tensor({2, 5, 6});
  const GeneralScorer general(4, 6, rng);
  const AdditiveScorer additive(4, 6, 7, rng);
  EXPECT_EQ(refusal<ShapeError>([&] { general(k, k); }),
            "GeneralScorer: q [B, Tq, Q]: expected [any, any, 4], got [2, 5, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] { general(q, q); }),
            "GeneralScorer: k [B, Tk, K]: expected [any, any, 6], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { additive(k, k); }),
            "AdditiveScorer: q [B, Tq, Q]: expected [any, any, 4], got [2, 5, 6]");
  EXPECT_EQ(refusal<ShapeError>([&] { additive(q, q); }),
            "AdditiveScorer: k [B, Tk, K]: expected [any, any, 6], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              additive(q, random_tensor({1, 5, 6}));
            }),
            "AdditiveScorer: projected [B, Tk, A]: expected [2, any, 7], got [1, 5, 7]");
}

TEST(Scorers, RefuseToHaveNoFeatures) {
  Rng rng(1);
  EXPECT_EQ(refusal<ValueError>([&] { make_scorer(Score::dot, 0, 0, rng); }),
            "attention: features must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { make_scorer(Score::general, 0, 3, rng); }),
            "GeneralScorer: features must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { make_scorer(Score::additive, 3, 3, rng, 0); }),
            "AdditiveScorer: features must be at least 1, got 0");
}

TEST(Scorers, SameSeedSameBits) {
  for (const Score score : {Score::general, Score::additive}) {
    Rng one(3), same(3);
    expect_same_parameters(*make_scorer(score, 4, 6, one), *make_scorer(score, 4, 6, same));
  }
}

}  // namespace
}  // namespace rapt
