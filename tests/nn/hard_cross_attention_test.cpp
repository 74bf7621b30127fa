// Hard attention in the place of soft attention.
#include "tensor/reduce.h"
#include "tests/nn/hard_attention_checks.h"

namespace rapt {
namespace {

using nn::Draw;
using nn::HardAttended;
using nn::HardAttention;
using nn::Mask;
using nn::Score;

TEST(HardCrossAttention, FollowsEveryScorer) {
  const Variable q = random_input({2, 3, 4}, 1), k = random_input({2, 5, 4}, 2);
  const Variable v = random_input({2, 5, 6}, 3);
  for (const Score score : {Score::dot, Score::scaled_dot, Score::general, Score::additive}) {
    Rng rng(1);
    const std::unique_ptr<nn::Scorer> scorer = nn::make_scorer(score, 4, 4, rng);
    HardAttention attention({}, rng);
    attention.eval();
    const Variable scores = (*scorer)(q, k);
    const HardAttended got = attention(scores, v);
    EXPECT_EQ(got.choice.values, argmax(nn::attend(scores, v).weights.value()).values);
    EXPECT_EQ(got.context.shape(), (Shape{2, 3, 6}));
  }
}

TEST(HardCrossAttention, IsCrossAttentionThatChooses) {
  const Variable target = random_input({2, 3, 4}, 1), source = random_input({2, 5, 4}, 2);
  const Mask mask = Mask::padding({5, 2}, 5);
  for (const Score score : {Score::dot, Score::scaled_dot, Score::general, Score::additive}) {
    Rng one(1), same(1);
    const nn::CrossAttention soft(4, 4, one, score);
    nn::HardCrossAttention hard(4, 4, same, score);
    expect_same_parameters(hard, soft);
    const HardAttended drawn = hard(target, source, mask);
    expect_one_hot(drawn);
    EXPECT_TRUE(same_bits(drawn.probabilities, soft(target, source, mask).weights));
    if (!hard.parameters().empty()) {
      const Variable chances = stack({drawn.log_probability, drawn.entropy});
      expect_every_parameter_learns(hard, chances);
    }
    hard.eval();
    const nn::Memory memory = hard.read(source, mask);
    const HardAttended all = hard(target, source, mask);
    for (Index t = 0; t < 3; ++t) {
      const HardAttended step = hard.ask(slice(target, 1, t, t + 1), memory);
      EXPECT_TRUE(close(step.context, slice(all.context, 1, t, t + 1).value()));
    }
  }
}

TEST(HardCrossAttention, LearnsThroughGumbelWithoutAReward) {
  Rng rng(1);
  const nn::HardCrossAttention attention(4, 3, rng, Score::additive, {.draw = Draw::gumbel});
  const Variable target = random_input({2, 3, 4}, 1), source = random_input({2, 5, 3}, 2);
  expect_every_parameter_learns(attention, attention(target, source).context);
}

}  // namespace
}  // namespace rapt
