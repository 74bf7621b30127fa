// greedy, generate, and what every search is made of.
#include "nn/decoding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/nn/chain.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Decoded;
using nn::greedy;
using nn::Limits;
using nn::SamplingOptions;
using Tokens = std::vector<std::int32_t>;

constexpr Limits kLimits{kStart, kEnd, 6};

Scalar log_of(double p) { return static_cast<Scalar>(std::log(p)); }

// Says A until the end: 0.9 A, 0.1 end.
const Tensor kEndless({4, 4}, {0, 0.9, 0, 0.1, 0, 0.9, 0, 0.1, 0, 0, 1, 0, 0, 0, 0, 1});

TEST(Greedy, TakesTheLikeliestAtEachStep) {
  const Chain model({kTrap});
  const std::vector<Decoded> decoded = greedy(model, Chain::state({0}), kLimits);
  ASSERT_EQ(decoded.size(), 1u);
  EXPECT_EQ(decoded[0].tokens, (Tokens{kA}));
  EXPECT_TRUE(decoded[0].ended);
  EXPECT_NEAR(decoded[0].log_probability, log_of(0.6 * 0.4), kClose);
  EXPECT_EQ(decoded[0].score, decoded[0].log_probability);
  EXPECT_TRUE(same_bits(decoded[0].alignment, history_of(kStart, {kA})));
}

TEST(Greedy, IsCutOffAtTheLongest) {
  const Chain model({kEndless});
  const Decoded decoded = greedy(model, Chain::state({0}), kLimits)[0];
  EXPECT_EQ(decoded.tokens, Tokens(6, kA));
  EXPECT_FALSE(decoded.ended);
  EXPECT_NEAR(decoded.log_probability, 6 * log_of(0.9), kClose);
}

TEST(Greedy, WithoutAnEndRunsToTheLongest) {
  const Chain model({kTrap});
  const Decoded decoded = greedy(model, Chain::state({0}), {kStart, nn::kNoEnd, 4})[0];
  EXPECT_EQ(decoded.tokens, (Tokens{kA, kEnd, kEnd, kEnd}));
  EXPECT_FALSE(decoded.ended);
}

TEST(Greedy, ASequenceThatEndedLeavesTheBatch) {
  const Chain model({kTrap, kEndless, kLonger});
  const std::vector<Scalar> sources{2, 1, 0, 1};
  const std::vector<Decoded> together = greedy(model, Chain::state(sources), kLimits);
  // B A end; A A A A A A; A end; A A A A A A
  EXPECT_EQ(model.batches, (std::vector<Index>{4, 4, 3, 2, 2, 2}));
  ASSERT_EQ(together.size(), 4u);
  EXPECT_EQ(together[0].tokens, (Tokens{kB, kA}));
  for (std::size_t i = 0; i < 4; ++i) {
    const Decoded alone = greedy(model, Chain::state({sources[i]}), kLimits)[0];
    EXPECT_EQ(together[i].tokens, alone.tokens) << "sequence " << i;
    EXPECT_EQ(together[i].ended, alone.ended) << "sequence " << i;
    EXPECT_EQ(together[i].log_probability, alone.log_probability) << "sequence " << i;
    EXPECT_TRUE(same_bits(together[i].alignment, alone.alignment)) << "sequence " << i;
    EXPECT_TRUE(same_bits(alone.alignment, history_of(kStart, alone.tokens))) << "sequence " << i;
  }
}

TEST(Greedy, BuildsNoGraph) {
  const Variable table(kTrap, true);
  struct Learning : nn::Stepwise {
    explicit Learning(const Variable& t) : table(t) {}
    nn::Next next(const Ids& tokens, const nn::State&) const override {
      recorded = recorded || grad_enabled();
      return {log(embedding(table, tokens)), {}, Tensor({1, 0})};
    }
    Variable table;
    mutable bool recorded = false;
  };
  const Learning model(table);
  const Decoded decoded = greedy(model, {}, kLimits)[0];  // no state: a batch of one
  EXPECT_EQ(decoded.tokens, (Tokens{kA}));
  EXPECT_EQ(decoded.alignment.shape(), (Shape{1, 0}));
  EXPECT_FALSE(model.recorded);
}

TEST(Generate, AtTemperatureZeroIsGreedy) {
  const Chain model({kLonger});
  Rng rng(1);
  const Decoded drawn = nn::generate(model, Chain::state({0}), kLimits, {.temperature = 0}, rng);
  const Decoded best = greedy(model, Chain::state({0}), kLimits)[0];
  EXPECT_EQ(drawn.tokens, best.tokens);
  EXPECT_EQ(drawn.log_probability, best.log_probability);
  EXPECT_TRUE(same_bits(drawn.alignment, best.alignment));
}

TEST(Generate, EqualSeedsSayTheSame) {
  const Chain model({kTrap});
  Rng one(5), same(5), another(5);
  std::vector<Tokens> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(nn::generate(model, Chain::state({0}), kLimits, {}, one).tokens);
    EXPECT_EQ(nn::generate(model, Chain::state({0}), kLimits, {}, same).tokens, all.back());
  }
  EXPECT_NE(std::count(all.begin(), all.end(), all[0]), 20) << "nothing was drawn at random";
}

// P(A end) = 0.24 and P(B end) = 0.36, found within four standard errors.
TEST(Generate, SequencesComeAsOftenAsTheModelExpects) {
  const Chain model({kTrap});
  Rng rng(2);
  constexpr int kDraws = 4000;
  int a = 0, b = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Decoded drawn = nn::generate(model, Chain::state({0}), kLimits, {}, rng);
    a += drawn.tokens == Tokens{kA} ? 1 : 0;
    b += drawn.tokens == Tokens{kB} ? 1 : 0;
  }
  EXPECT_NEAR(a / double(kDraws), 0.24, 4 * std::sqrt(0.24 * 0.76 / kDraws));
  EXPECT_NEAR(b / double(kDraws), 0.36, 4 * std::sqrt(0.36 * 0.64 / kDraws));
}

TEST(Generate, HandsOverEachTokenAndStopsWhenTold) {
  const Chain model({kEndless});
  Rng rng(1);
  Tokens heard;
  const auto listen = [&](std::int32_t token) {
    heard.push_back(token);
    return heard.size() < 3;
  };
  const Decoded drawn =
      nn::generate(model, Chain::state({0}), kLimits, {.temperature = 0}, rng, listen);
  EXPECT_EQ(heard, Tokens(3, kA));
  EXPECT_EQ(drawn.tokens, heard);
  EXPECT_EQ(model.batches.size(), 3u);
  EXPECT_FALSE(drawn.ended);
  EXPECT_NEAR(drawn.log_probability, 3 * log_of(0.9), kClose);
}

TEST(SelectRows, DropsRepeatsAndReorders) {
  const nn::State state{Tensor({3}, {1, 2, 3}), Tensor({3, 1, 2}, {1, 2, 3, 4, 5, 6}),
                        Tensor({3, 2, 0})};
  const nn::State selected = nn::select_rows(state, {2, 0, 2, 2});
  ASSERT_EQ(selected.size(), 3u);
  EXPECT_TRUE(same_bits(selected[0], Tensor({4}, {3, 1, 3, 3})));
  EXPECT_TRUE(same_bits(selected[1], Tensor({4, 1, 2}, {5, 6, 1, 2, 5, 6, 5, 6})));
  EXPECT_EQ(selected[2].shape(), (Shape{4, 2, 0}));
}

TEST(Decoding, RefusesLimitsThatDoNotFit) {
  const Chain model({kTrap});
  const auto refused = [&](const Limits& limits) {
    return [&model, limits] { greedy(model, Chain::state({0}), limits); };
  };
  EXPECT_EQ(refusal<ValueError>(refused({kStart, kEnd, 0})),
            "greedy: longest must be at least 1, got 0");
  EXPECT_EQ(refusal<IndexError>(refused({kStart, 4, 5})),
            "greedy: end 4 is outside 0 .. 3 of logits [B, V] of [1, 4]");
  EXPECT_EQ(refusal<IndexError>(refused({kStart, -2, 5})),
            "greedy: end -2 is outside 0 .. 3 of logits [B, V] of [1, 4]");
}

TEST(Decoding, RefusesAStateOfSeveralBatches) {
  const Chain model({kTrap});
  EXPECT_EQ(refusal<ShapeError>([&] {
              greedy(model, {Tensor({2}), Tensor({3, 0})}, kLimits);
            }),
            "greedy: the first axis of a state is the batch, but [2] and [3, 0] differ in it");
  Rng rng(1);
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::generate(model, Chain::state({0, 0}), kLimits, {}, rng);
            }),
            "generate: expected the state of one sequence, got a batch of 2, [2]");
}

// Returns what it is given, whatever it is asked.
struct Fixed : nn::Stepwise {
  explicit Fixed(const nn::Next& next) : answer(next) {}
  nn::Next next(const Ids&, const nn::State&) const override { return answer; }
  nn::Next answer;
};

TEST(Decoding, RefusesWhatAModelMayNotSay) {
  const auto refused = [&](const Tensor& logits, const Tensor& weights, std::int32_t start) {
    return [=] { greedy(Fixed({logits, {}, weights}), {}, {start, 1, 5}); };
  };
  const Scalar nan = std::nan(""), infinity = std::numeric_limits<Scalar>::infinity();
  const Tensor none({1, 0}), fine({1, 2});
  EXPECT_EQ(refusal<ShapeError>(refused(Tensor({2, 2}), none, 0)),
            "Stepwise: logits [B, V]: expected [1, any], got [2, 2]");
  EXPECT_EQ(refusal<ShapeError>(refused(fine, Tensor({3}), 0)),
            "Stepwise: weights [B, S]: expected [1, any], got [3]");
  EXPECT_EQ(refusal<IndexError>(refused(fine, none, 2)),
            "greedy: start 2 is outside 0 .. 1 of logits [B, V] of [1, 2]");
  EXPECT_EQ(
      refusal<ValueError>(refused(Tensor({1, 2}, {0, nan}), none, 0)),
      "greedy: expected a largest logit that is a number, got nan in logits [B, V] of [1, 2]");
  EXPECT_EQ(refusal<ValueError>(refused(Tensor({1, 2}, -infinity), none, 0)),
            "greedy: expected a largest logit that is a number, got -inf in logits [B, V] of "
            "[1, 2]");
}

}  // namespace
}  // namespace rapt
