// The scorers and what is built from them: gradients against differences.
#include "nn/attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Mask;
using nn::Score;

constexpr Score kScores[] = {Score::dot, Score::scaled_dot, Score::general, Score::additive};

TEST(ScoreGradients, Scorers) {
  for (const Score score : kScores) {
    Rng rng(1);
    const std::unique_ptr<nn::Scorer> scorer = nn::make_scorer(score, 3, 3, rng, 2);
    const Variable q = random_input({2, 2, 3}, 1), k = random_input({2, 3, 3}, 2);
    expect_gradients_match_differences(*scorer, {q, k}, [&] { return (*scorer)(q, k); });
  }
}

TEST(ScoreGradients, CrossAttention) {
  for (const Score score : {Score::general, Score::additive}) {
    Rng rng(1);
    const nn::CrossAttention attention(3, 2, rng, score);
    const Variable target = random_input({2, 2, 3}, 1), source = random_input({2, 4, 2}, 2);
    const Mask mask = Mask::padding({4, 2}, 4);
    expect_gradients_match_differences(attention, {target, source},
                                       [&] { return attention(target, source, mask).context; });
    expect_gradients_match_differences(attention, {target, source},
                                       [&] { return attention(target, source, mask).weights; });
  }
}

TEST(ScoreGradients, AdditiveTwice) {
  Rng rng(1);
  const nn::AdditiveScorer scorer(2, 3, 2, rng);
  const CheckResult result =
      gradcheck_twice([&](const std::vector<Variable>& x) { return scorer(x[0], x[1]); },
                      {random_input({1, 2, 2}, 1), random_input({1, 3, 3}, 2)});
  EXPECT_TRUE(result) << result.failure;
}

TEST(ScoreGradients, SelfAttention) {
  for (const Score score : kScores) {
    Rng rng(1);
    const nn::SelfAttention attention(3, 2, 4, rng, score);
    const Variable x = random_input({2, 3, 3});
    expect_gradients_match_differences(attention, {x},
                                       [&] { return attention(x, Mask::causal(3)).context; });
  }
}

}  // namespace
}  // namespace rapt
