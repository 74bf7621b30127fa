// What the scores learn by: the probability of a choice and the entropy, against differences, to
// first and second order. Each evaluation starts from one seed, so the choice is held.
#include "nn/hard_attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::HardAttended;
using nn::Mask;

// The second query of the first sequence may attend to nothing.
const Mask kMask(Tensor({2, 2, 4}, {1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0}));

Variable chances(const Variable& scores, nn::Draw draw, bool training) {
  Rng rng(1);
  nn::HardAttention attention({.draw = draw}, rng);
  attention.train(training);
  const HardAttended got = attention(scores, Tensor({2, 4, 1}), kMask);
  return stack({got.log_probability, got.entropy, got.log_probability * got.entropy});
}

TEST(HardAttentionGradients, LogProbabilityAndEntropy) {
  for (const nn::Draw draw : {nn::Draw::monte_carlo, nn::Draw::gumbel})
    for (const bool training : {true, false}) {
      const Function f = [&](const std::vector<Variable>& x) {
        return chances(x[0], draw, training);
      };
      const std::vector<Variable> inputs = {random_input({2, 2, 4})};
      const CheckResult first = gradcheck(f, inputs), second = gradcheck_twice(f, inputs);
      EXPECT_TRUE(first) << first.failure;
      EXPECT_TRUE(second) << second.failure;
    }
}

TEST(HardAttentionGradients, ThroughEveryScorer) {
  using nn::Score;
  for (const Score score : {Score::dot, Score::scaled_dot, Score::general, Score::additive}) {
    Rng rng(1);
    const std::unique_ptr<nn::Scorer> scorer = nn::make_scorer(score, 3, 3, rng);
    const Variable q = random_input({2, 2, 3}, 1), k = random_input({2, 4, 3}, 2);
    expect_gradients_match_differences(
        *scorer, {q, k}, [&] { return chances((*scorer)(q, k), nn::Draw::monte_carlo, true); });
  }
}

}  // namespace
}  // namespace rapt
