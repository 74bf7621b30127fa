// Beam search against greedy, and against all sequences there are.
#include "nn/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "tests/nn/chain.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::beam_search;
using nn::BeamOptions;
using nn::Decoded;
using nn::Limits;
using Tokens = std::vector<std::int32_t>;

constexpr Limits kLimits{kStart, kEnd, 6};

std::vector<Decoded> search(const Chain& model, const BeamOptions& options,
                            const Limits& limits = kLimits) {
  return beam_search(model, Chain::state({0}), limits, options);
}

Tensor random_table(Index vocabulary, std::uint64_t seed) {
  Rng rng(seed);
  return softmax(Variable(normal({vocabulary, vocabulary}, 2, rng))).value();
}

TEST(BeamSearch, FindsWhatGreedyMisses) {
  const Chain model({kTrap});
  const std::vector<Decoded> best = search(model, {.width = 2, .length_penalty = 0, .results = 3});
  ASSERT_EQ(best.size(), 2u);  // the only two beginnings in the beam have ended
  EXPECT_EQ(best[0].tokens, (Tokens{kB}));
  EXPECT_EQ(best[1].tokens, (Tokens{kA}));
  EXPECT_NEAR(best[0].log_probability, std::log(0.4 * 0.9), kClose);
  EXPECT_NEAR(best[1].log_probability, std::log(0.6 * 0.4), kClose);
  EXPECT_EQ(best[0].score, best[0].log_probability);
  EXPECT_TRUE(best[0].ended && best[1].ended);
}

TEST(BeamSearch, WidthOneIsGreedy) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Chain model({random_table(5, seed)});
    const Decoded greedy = nn::greedy(model, Chain::state({0}), kLimits)[0];
    const std::vector<Decoded> beam = search(model, {.width = 1, .results = 5});
    ASSERT_EQ(beam.size(), 1u) << "seed " << seed;
    EXPECT_EQ(beam[0].tokens, greedy.tokens) << "seed " << seed;
    EXPECT_EQ(beam[0].log_probability, greedy.log_probability) << "seed " << seed;
    EXPECT_EQ(beam[0].ended, greedy.ended) << "seed " << seed;
    EXPECT_TRUE(same_bits(beam[0].alignment, greedy.alignment)) << "seed " << seed;
  }
}

// Token 2 leads by less than the last digit of a long sum: greedy sees it, and so must the beam.
TEST(BeamSearch, WidthOneIsGreedyWhereSumsRound) {
  struct Even : nn::Stepwise {
    nn::Next next(const Ids&, const nn::State&) const override {
      const Scalar lead = 8 * std::numeric_limits<Scalar>::epsilon();
      return {Tensor({1, 4}, {0, 0, lead, 0}), {}, Tensor({1, 0})};
    }
  };
  const Limits limits{kStart, kEnd, 60};
  EXPECT_EQ(nn::greedy(Even(), {}, limits)[0].tokens, Tokens(60, 2));
  EXPECT_EQ(beam_search(Even(), {}, limits, {.width = 1})[0].tokens, Tokens(60, 2));
}

// Every sequence that ends within the limits, the best score first.
std::vector<Decoded> all_sequences(const Tensor& table, const Limits& limits, Scalar alpha) {
  std::vector<Decoded> open(1), ended;
  for (Index length = 1; length <= limits.longest; ++length) {
    std::vector<Decoded> longer;
    for (const Decoded& sequence : open)
      for (std::int32_t token = 0; token < table.dim(1); ++token) {
        Decoded next = sequence;
        const std::int32_t last = next.tokens.empty() ? limits.start : next.tokens.back();
        next.log_probability += std::log(table.at({last, token}));
        next.score = next.log_probability /
                     static_cast<Scalar>(std::pow(double(5 + length) / 6, double(alpha)));
        if (token != limits.end) next.tokens.push_back(token);
        (token == limits.end ? ended : longer).push_back(next);
      }
    open = longer;
  }
  std::stable_sort(ended.begin(), ended.end(),
                   [](const Decoded& a, const Decoded& b) { return a.score > b.score; });
  return ended;
}

TEST(BeamSearch, AWideBeamFindsTheBestOfAll) {
  constexpr Limits kShort{kStart, kEnd, 5};
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const Scalar alpha : {Scalar(0), Scalar(0.6), Scalar(2)}) {
      const Tensor table = random_table(4, seed);
      const std::vector<Decoded> expected = all_sequences(table, kShort, alpha);
      ASSERT_EQ(expected.size(), 1u + 3 + 9 + 27 + 81);
      const std::vector<Decoded> found =
          search(Chain({table}), {.width = 400, .length_penalty = alpha, .results = 12}, kShort);
      ASSERT_EQ(found.size(), 12u);
      // The same steps in another order are as likely: ranks are compared by score.
      std::set<Tokens> distinct;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const auto same = std::find_if(expected.begin(), expected.end(), [&](const Decoded& d) {
          return d.tokens == found[i].tokens;
        });
        ASSERT_NE(same, expected.end()) << testing::PrintToString(found[i].tokens);
        EXPECT_NEAR(found[i].score, same->score, 10 * kClose) << "seed " << seed;
        EXPECT_NEAR(found[i].score, expected[i].score, 10 * kClose) << "seed " << seed;
        EXPECT_TRUE(distinct.insert(found[i].tokens).second) << "seed " << seed;
      }
    }
}

// A end: log 0.36 = -1.0217 at length 2; B A end: log 0.351 = -1.0470 at length 3.
TEST(BeamSearch, TheLengthPenaltyChangesTheWinner) {
  const Chain model({kLonger});
  const Decoded likely = search(model, {.width = 3, .length_penalty = 0})[0];
  EXPECT_EQ(likely.tokens, (Tokens{kA}));
  const Decoded longer = search(model, {.width = 3, .length_penalty = 1})[0];
  EXPECT_EQ(longer.tokens, (Tokens{kB, kA}));
  EXPECT_NEAR(longer.score, std::log(0.351) / (8.0 / 6), kClose);
  EXPECT_NEAR(longer.log_probability, std::log(0.351), kClose);
}

TEST(LengthPenalty, ByHand) {
  EXPECT_EQ(nn::length_penalty(1, 0.6), 1);
  EXPECT_EQ(nn::length_penalty(20, 0), 1);
  EXPECT_NEAR(nn::length_penalty(7, 1), 2, kClose);
  EXPECT_NEAR(nn::length_penalty(19, 0.5), 2, kClose);
}

// B end 0.36 and A end 0.24 stand after two steps, A A 0.18 is still in the beam.
TEST(BeamSearch, StopsWhenNoBeamCanWinAnyMore) {
  const Chain model({kTrap});
  const auto steps = [&](const BeamOptions& options) {
    model.batches.clear();
    search(model, options);
    return model.batches;
  };
  using Batches = std::vector<Index>;
  EXPECT_EQ(steps({.width = 3, .length_penalty = 0, .results = 1}), (Batches{1, 2}));
  EXPECT_EQ(steps({.width = 3, .length_penalty = 0, .results = 2}), (Batches{1, 2}));
  EXPECT_GT(steps({.width = 3, .length_penalty = 0, .results = 3}).size(), 2u);
  // If all that follows were certain, A A would score -1.7 / (11 / 6)^3, and B end has
  // -1.0 / (7 / 6)^3: it could win.
  EXPECT_GT(steps({.width = 3, .length_penalty = 3, .results = 1}).size(), 2u);
}

TEST(BeamSearch, EachBeamKeepsItsOwnState) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Tensor table = random_table(6, seed);
    const std::vector<Decoded> found = search(Chain({table}), {.width = 7, .results = 7});
    EXPECT_GT(found.size(), 4u);
    for (const Decoded& hypothesis : found)
      EXPECT_TRUE(same_bits(hypothesis.alignment, hypothesis.tokens.empty()
                                                      ? Tensor({0, 0})
                                                      : history_of(kStart, hypothesis.tokens)))
          << testing::PrintToString(hypothesis.tokens);
  }
}

TEST(BeamSearch, WhatIsCutOffStandsBehindWhatEnded) {
  // A A A .. is likelier than anything that ends.
  const Tensor table({4, 4}, {0, 1, 0, 0, 0, 0.9, 0, 0.1, 0, 0, 1, 0, 0, 0, 0, 1});
  const std::vector<Decoded> found =
      search(Chain({table}), {.width = 2, .length_penalty = 0, .results = 9}, {kStart, kEnd, 3});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].tokens, (Tokens{kA}));
  EXPECT_EQ(found[1].tokens, (Tokens{kA, kA}));
  EXPECT_EQ(found[2].tokens, (Tokens{kA, kA, kA}));
  EXPECT_TRUE(found[0].ended && found[1].ended);
  EXPECT_FALSE(found[2].ended);
  EXPECT_GT(found[2].score, found[0].score);
}

TEST(BeamSearch, AWidthAboveTheVocabularyFillsLater) {
  const Chain model({random_table(4, 1)});
  search(model, {.width = 10, .length_penalty = 0, .results = 100});
  ASSERT_GT(model.batches.size(), 3u);
  EXPECT_EQ(model.batches[0], 1);
  EXPECT_EQ(model.batches[1], 3);  // all but the end
  EXPECT_GT(model.batches[2], 4);
}

TEST(BeamSearch, RefusesOtherOptions) {
  const Chain model({kTrap});
  const auto refused = [&](const BeamOptions& options) {
    return [&model, options] { search(model, options); };
  };
  const Scalar nan = std::numeric_limits<Scalar>::quiet_NaN();
  EXPECT_EQ(refusal<ValueError>(refused({.width = 0})),
            "beam_search: width must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>(refused({.results = 0})),
            "beam_search: results must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>(refused({.length_penalty = -1})),
            "beam_search: length_penalty must be finite and at least 0, got -1");
  EXPECT_EQ(refusal<ValueError>(refused({.length_penalty = nan})),
            "beam_search: length_penalty must be finite and at least 0, got nan");
  EXPECT_EQ(refusal<ValueError>([&] {
              search(model, {}, {kStart, kEnd, 0});
            }),
            "beam_search: longest must be at least 1, got 0");
  EXPECT_EQ(refusal<IndexError>([&] {
              search(model, {}, {kStart, 4, 5});
            }),
            "beam_search: end 4 is outside 0 .. 3 of logits [B, V] of [1, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              beam_search(model, Chain::state({0, 0}), kLimits);
            }),
            "beam_search: expected the state of one sequence, got a batch of 2, [2]");
}

}  // namespace
}  // namespace rapt
