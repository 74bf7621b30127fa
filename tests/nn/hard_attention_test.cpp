// Hard attention: what is chosen, and how often. Its gradients stand in straight_through_test.cpp.
#include "nn/hard_attention.h"

#include <limits>

#include "tensor/parallel.h"
#include "tests/nn/hard_attention_checks.h"

namespace rapt {
namespace {

using nn::Draw;
using nn::HardAttended;
using nn::HardAttention;
using nn::Mask;

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

TEST(HardAttention, TakesOneValueOfEachRow) {
  const Variable scores = random_input({2, 3, 5}, 1), v = random_input({2, 5, 4}, 2);
  for (const Draw draw : kDraws) {
    const HardAttended got = attention_of(draw)(scores, v);
    EXPECT_EQ(got.choice.shape, (Shape{2, 3}));
    EXPECT_EQ(got.log_probability.shape(), (Shape{2, 3}));
    EXPECT_EQ(got.entropy.shape(), (Shape{2, 3}));
    expect_one_hot(got);
    EXPECT_TRUE(same_bits(got.probabilities, nn::attend(scores, v).weights));
    for (Index b = 0; b < 2; ++b)
      for (Index t = 0; t < 3; ++t) {
        const Index key = got.choice.values[static_cast<std::size_t>(b * 3 + t)];
        for (Index e = 0; e < 4; ++e)
          EXPECT_EQ(got.context.value().at({b, t, e}), v.value().at({b, key, e}));
        EXPECT_NEAR(got.log_probability.value().at({b, t}),
                    std::log(got.probabilities.value().at({b, t, key})), kClose);
      }
  }
}

// p = 1/2, 1/4, 1/4 and 0: H = log 2 / 2 + 2 log 4 / 4 = 1.5 log 2
TEST(HardAttention, ProbabilityAndEntropyByHand) {
  const auto log2 = Scalar(std::log(2.0));
  const Tensor scores({1, 4}, {log2, 0, 0, 5}), allowed({1, 4}, {1, 1, 1, 0});
  HardAttention attention = attention_of(Draw::monte_carlo);
  attention.eval();
  const HardAttended got = attention(scores, Tensor({4, 1}, {10, 20, 30, 40}), Mask(allowed));
  EXPECT_TRUE(close(got.probabilities, Tensor({1, 4}, {0.5, 0.25, 0.25, 0})));
  EXPECT_TRUE(close(got.log_probability, Tensor({1}, -log2)));
  EXPECT_TRUE(close(got.entropy, Tensor({1}, Scalar(1.5) * log2)));
  EXPECT_TRUE(same_bits(got.context, Tensor({1, 1}, 10)));
}

// How often each pair of choices of two rows came, against the product of their probabilities: rows
// are drawn rightly and apart from each other. With 11 pairs left free, chi^2 exceeds 31.3 once in
// a thousand times.
TEST(HardAttention, DrawsAsOftenAsTheProbabilitiesSay) {
  constexpr Index kTimes = 40000, kKeys = 4;
  const Variable scores(Tensor({1, 2, kKeys}, {1, Scalar(0.2), 9, -1, 0, Scalar(0.5), -1, 2}));
  const Variable v(Tensor({1, kKeys, 1}));
  const Mask mask(Tensor({2, kKeys}, {1, 1, 0, 1, 1, 1, 1, 1}));
  for (const Draw draw : kDraws) {
    const HardAttended got = attention_of(draw, 5, Scalar(0.3))(nn::for_samples(scores, kTimes),
                                                                nn::for_samples(v, kTimes), mask);
    double seen[kKeys][kKeys] = {};
    for (std::size_t s = 0; s < got.choice.values.size(); s += 2)
      ++seen[got.choice.values[s]][got.choice.values[s + 1]];
    const Tensor p = got.probabilities.value();
    double distance = 0;
    for (Index i = 0; i < kKeys; ++i)
      for (Index j = 0; j < kKeys; ++j) {
        const double expected = kTimes * double(p.at({0, 0, 0, i})) * double(p.at({0, 0, 1, j}));
        if (expected == 0)
          EXPECT_EQ(seen[i][j], 0) << "the masked key was chosen";
        else
          distance += (seen[i][j] - expected) * (seen[i][j] - expected) / expected;
      }
    EXPECT_LT(distance, 31.3);
  }
}

TEST(HardAttention, NeverChoosesWhatHasNoProbability) {
  // e^-800 is 0 in both precisions
  const Tensor scores({1, 1, 4}, {-800, 0, -800, -kInfinity}), v({1, 4, 1}, {1, 2, 3, 4});
  for (const Draw draw : kDraws) {
    const HardAttended got =
        attention_of(draw)(nn::for_samples(scores, 2000), nn::for_samples(v, 2000));
    for (const std::int32_t key : got.choice.values) ASSERT_EQ(key, 1);
    EXPECT_EQ(largest_magnitude(got.entropy.value()), 0);
    EXPECT_EQ(largest_magnitude(got.log_probability.value()), 0);
  }
}

// ---- Masks

TEST(HardAttention, ARowWithoutKeysGivesZerosAndNoGradient) {
  const Mask mask(Tensor({2, 3}, {1, 0, 1, 0, 0, 0}));
  for (const Draw draw : kDraws)
    for (const bool training : {true, false}) {
      HardAttention attention = attention_of(draw);
      attention.train(training);
      const Variable scores = random_input({1, 2, 3}), v = random_input({1, 3, 4}, 2);
      const HardAttended got = attention(scores, v, mask);
      EXPECT_NE(got.choice.values[0], 1);
      EXPECT_EQ(got.choice.values[1], -1);
      expect_one_hot(got);
      EXPECT_GT(got.entropy.value().at({0, 0}), 0);
      for (const Variable& rows :
           {got.context, got.weights, got.probabilities, got.entropy, got.log_probability})
        EXPECT_TRUE(same_bits(rows.value().slice(1, 1, 2), Tensor(slice(rows, 1, 1, 2).shape())));
      const Variable context = sum(got.context * random_tensor({1, 2, 4}, 3));
      const Variable chances = sum(got.log_probability * Scalar(0.7) + got.entropy);
      backward(context + chances);
      EXPECT_GT(largest_magnitude(scores.grad().slice(1, 0, 1)), 0.01);  // finite, and there
      EXPECT_EQ(largest_magnitude(scores.grad().slice(1, 1, 2)), 0);
      EXPECT_EQ(scores.grad().at({0, 0, 1}), 0);  // the masked key
    }
}

// The same where no mask says so, but the scores themselves.
TEST(HardAttention, ScoresOfMinusInfinityAreARowWithoutKeys) {
  for (const Draw draw : kDraws) {
    const Variable scores(Tensor({2, 2}, {-kInfinity, -kInfinity, 1, 2}), true);
    const HardAttended got = attention_of(draw)(scores, random_input({2, 3}, 2));
    EXPECT_EQ(got.choice.values[0], -1);
    expect_one_hot(got);
    const Variable chances = sum(got.log_probability * Scalar(0.7) + got.entropy);
    backward(sum(got.context * random_tensor({2, 3}, 3)) + chances);
    EXPECT_GT(largest_magnitude(scores.grad().slice(0, 1, 2)), 1e-3);
    EXPECT_EQ(largest_magnitude(scores.grad().slice(0, 0, 1)), 0);
  }
}

// Two samples of two sequences: which axis is the batch cannot be seen from the extents.
TEST(HardAttention, EverySampleObeysTheMaskOfItsSequence) {
  const Tensor scores({2, 1, 3}), v({2, 3, 1});
  const Mask mask = Mask::padding({1, 3}, 3);
  const HardAttended got =
      attention_of(Draw::monte_carlo)(nn::for_samples(scores, 2), nn::for_samples(v, 2), mask);
  EXPECT_EQ(got.choice.shape, (Shape{2, 2, 1}));
  EXPECT_TRUE(
      close(select(got.probabilities, 0, 0), Tensor({1, 1, 3}, {1, 0, 0}).expand({2, 1, 3})));
  EXPECT_TRUE(close(select(got.probabilities, 0, 1), Tensor({2, 1, 3}, Scalar(1) / 3)));
}

// One row's mask moves no draw of another.
TEST(HardAttention, AMaskedRowLeavesTheOthersAlone) {
  const Variable scores = random_input({1, 3, 5}), v = random_input({1, 5, 2}, 2);
  Tensor allowed({3, 5}, 1);
  for (Index key = 0; key < 5; ++key) allowed.data()[key] = 0;
  for (const Draw draw : kDraws) {
    const HardAttended all = attention_of(draw)(scores, v);
    const HardAttended some = attention_of(draw)(scores, v, Mask(allowed));
    EXPECT_TRUE(same_bits(slice(some.context, 1, 1, 3), slice(all.context, 1, 1, 3)));
  }
}

TEST(HardAttention, LargeScoresStayFinite) {
  for (const Scalar size : {Scalar(300), Scalar(1e4), Scalar(2e38)})
    for (const Draw draw : kDraws) {
      const Variable scores(Tensor({1, 2, 3}, {size, -size, 0, -size, -size, size}), true);
      const Variable v = random_input({1, 3, 2});
      const HardAttended got = attention_of(draw)(scores, v);
      EXPECT_EQ(got.choice.values, (std::vector<std::int32_t>{0, 2}));
      const Variable chances = sum(got.log_probability + got.entropy);
      backward(sum(got.context) + chances);
      EXPECT_LT(largest_magnitude(got.entropy.value()), kClose);
      EXPECT_LT(largest_magnitude(scores.grad()), kClose);
    }
}

// ---- Evaluation, seeds, threads

TEST(HardAttention, EvalTakesTheLikeliestTheFirstOfEqualsAndDrawsNothing) {
  const Tensor scores({1, 3, 3}, {1, 3, 2, 2, 2, 2, 9, 4, 4}), v({1, 3, 1}, {1, 2, 3});
  const Mask mask(Tensor({3, 3}, {1, 1, 1, 1, 1, 1, 0, 1, 1}));
  for (const Draw draw : kDraws) {
    HardAttention attention = attention_of(draw);
    const HardAttention fresh = attention_of(draw);
    attention.eval();
    const HardAttended got = attention(scores, v, mask);
    EXPECT_EQ(got.choice.values, (std::vector<std::int32_t>{1, 0, 1}));
    expect_one_hot(got);
    attention.train();
    const Tensor many({100, 3, 5}), values({100, 5, 1});
    EXPECT_EQ(attention(many, values).choice.values, fresh(many, values).choice.values);
  }
}

TEST(HardAttention, TheSeedDecidesAndEveryCallDrawsAnew) {
  const Tensor scores({20, 3, 5}), v({20, 5, 1});
  for (const Draw draw : kDraws) {
    const HardAttention a = attention_of(draw, 3), b = attention_of(draw, 3),
                        c = attention_of(draw, 4);
    const std::vector<std::int32_t> first = a(scores, v).choice.values;
    EXPECT_EQ(first, b(scores, v).choice.values);
    EXPECT_NE(first, c(scores, v).choice.values);
    const std::vector<std::int32_t> second = a(scores, v).choice.values;
    EXPECT_NE(first, second);
    EXPECT_EQ(second, b(scores, v).choice.values);
  }
}

TEST(HardAttention, ThreadsChangeNoBit) {
  const int before = thread_count();
  for (const Draw draw : kDraws) {
    const auto run = [&](int threads) {
      set_thread_count(threads);
      const Variable scores = random_input({40, 30, 50}), v = random_input({40, 50, 8}, 2);
      const HardAttended got = attention_of(draw)(scores, v);
      const Variable context = sum(got.context * random_tensor(got.context.shape(), 3));
      const Variable chances = sum(got.log_probability * Scalar(0.7) + got.entropy);
      backward(context + chances);
      return std::vector<Tensor>{got.weights.value(), got.log_probability.value(),
                                 got.entropy.value(), scores.grad(), v.grad()};
    };
    const std::vector<Tensor> one = run(1), many = run(3);
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(same_bits(many[i], one[i])) << i;
  }
  set_thread_count(before);
}

// ---- Refusals

TEST(HardAttention, RefusesATemperatureThatIsNone) {
  for (const auto& [temperature, text] :
       {std::pair{Scalar(0), "0"}, {Scalar(-1), "-1"}, {kInfinity, "inf"}})
    EXPECT_EQ(refusal<ValueError>([&, t = temperature] { attention_of(Draw::gumbel, 1, t); }),
              std::string("HardAttention: temperature must be finite and above 0, got ") + text);
  EXPECT_NE(refusal<ValueError>([] { attention_of(Draw::gumbel, 1, std::nan("")); }),
            "nothing was refused");
}

TEST(HardAttention, RefusesWhatDoesNotFit) {
  const HardAttention attention = attention_of(Draw::monte_carlo);
  const Tensor scores({2, 3, 5}), v({2, 5, 4});
  EXPECT_EQ(refusal<ShapeError>([&] { attention(Tensor({5}), v); }),
            "HardAttention: scores [.., Tq, Tk]: expected [.., any, any], got [5]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(scores, Tensor({2, 3, 4}));
            }),
            "HardAttention: v [.., Tk, E] for these scores: expected [.., 5, any], got [2, 3, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { attention(scores, v, Mask::causal(5)); }),
            "Mask: a mask [B, Tq, Tk] of [1, 5, 5] does not fit scores [.., Tq, Tk] of [2, 3, 5]");
  EXPECT_EQ(refusal<ValueError>([&] {
              attention(Tensor({2, 3, 0}), Tensor({2, 0, 4}));
            }),
            "HardAttention: Tk must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] {
              attention(Tensor({2, 3, 5}, kInfinity), v);
            }),
            "HardAttention: expected scores below infinity, got inf in scores [.., Tq, Tk] of "
            "[2, 3, 5]");
  EXPECT_NE(refusal<ValueError>([&] {
              attention(Tensor({2, 3, 5}, std::nan("")), v);
            }),
            "nothing was refused");
  EXPECT_EQ(attention(Tensor({0, 3, 5}), Tensor({0, 5, 4})).context.shape(), (Shape{0, 3, 4}));
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::for_samples(Tensor({3, 5}), 2);
            }),
            "for_samples: x [B, M, N]: expected [any, any, any], got [3, 5]");
  EXPECT_EQ(refusal<ValueError>([&] { nn::for_samples(scores, 0); }),
            "for_samples: samples must be at least 1, got 0");
}

}  // namespace
}  // namespace rapt
