// Attention block by block, and softmax under a mask, against the formulas they stand for.
#include <gtest/gtest.h>

#include <limits>

#include "autograd/ops.h"
#include "tensor/parallel.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

const Tensor kEverything({}, 1);

Variable leaf(const Shape& shape, std::uint64_t seed) {
  return Variable(random(shape, seed), true);
}

Tensor causal(Index queries, Index keys) {
  return made({queries, keys},
              [=](const Position& p) { return Scalar(p[1] <= p[0] + keys - queries); });
}

Tensor padding(const std::vector<Index>& lengths, Index keys) {
  return made({static_cast<Index>(lengths.size()), 1, 1, keys}, [&](const Position& p) {
    return Scalar(p[3] < lengths[static_cast<std::size_t>(p[0])]);
  });
}

// ---- Softmax under a mask

void expect_masked_bits(const Variable& x, const Tensor& allowed) {
  const Variable fused = masked_softmax(x, allowed), plain = masked_softmax_composed(x, allowed);
  EXPECT_TRUE(same_bits(fused.value(), plain.value()));
  const Tensor weight = random(x.shape(), 7);
  for (const bool graph : {false, true})
    EXPECT_TRUE(same_bits(grad(fused, {x}, weight, graph)[0].value(),
                          grad(plain, {x}, weight, graph)[0].value()))
        << to_string(x.shape());
}

TEST(MaskedSoftmax, HasTheBitsOfItsFormula) {
  expect_masked_bits(leaf({2, 3, 5, 7}, 1), causal(5, 7));
  expect_masked_bits(leaf({2, 3, 5, 7}, 2), padding({0, 4}, 7));
  expect_masked_bits(leaf({4, 2, 40, 40}, 3), causal(40, 40));
  expect_masked_bits(leaf({2, 100, 333}, 4), causal(100, 333));
  expect_masked_bits(leaf({3, 1}, 5), Tensor({3, 1}, {1, 0, 1}));
  expect_masked_bits(leaf({5}, 6), Tensor({5}, {1, 0, 0, 1, 1}));
  expect_masked_bits(leaf({2, 3}, 7), Tensor({2, 1}, {0, 1}));
  expect_masked_bits(leaf({2, 3}, 8), Tensor({}, 0));
  expect_masked_bits(leaf({2, 0, 3}, 9), Tensor({3}, {1, 0, 1}));
  expect_masked_bits(transpose(leaf({9, 8}, 10)), causal(8, 9));
}

TEST(MaskedSoftmax, HasTheBitsOfItsFormulaAtExtremes) {
  const Variable x(Tensor({2, 4}, {-1e4, 1e4, 1e4, 1, 1e4, -1e4, -1e4, -1e4}), true);
  expect_masked_bits(x, Tensor({4}, {1, 0, 1, 1}));
  expect_masked_bits(x, Tensor({4}, {0, 1, 1, 0}));
}

TEST(MaskedSoftmax, HiddenInfinitiesDoNoHarm) {
  const Scalar infinity = std::numeric_limits<Scalar>::infinity();
  const Variable x(Tensor({1, 3}, {infinity, 0, 0}), true);
  const Variable y = masked_softmax(x, Tensor({3}, {0, 1, 1}));
  EXPECT_TRUE(same(y.value(), Tensor({1, 3}, {0, 0.5, 0.5})));
  EXPECT_TRUE(
      same(grad(y, {x}, Tensor({1, 3}, {5, 1, 3}))[0].value(), Tensor({1, 3}, {0, -0.5, 0.5})));
}

// ---- Attention

constexpr double kClose = sizeof(Scalar) == 4 ? 1e-5 : 1e-10;

struct Inputs {
  Variable q, k, v;
};

Inputs inputs(const Shape& q, const Shape& k, const Shape& v) {
  return {leaf(q, 1), leaf(k, 2), leaf(v, 3)};
}

std::vector<Tensor> context_and_gradients(const Variable& y, const Inputs& in, bool graph) {
  std::vector<Tensor> all{y.value()};
  for (const Variable& d : grad(y, {in.q, in.k, in.v}, random(y.shape(), 9), graph))
    all.push_back(d.value());
  return all;
}

void expect_equals_formula(const Inputs& in, const Tensor& allowed, Scalar scale = 0.5) {
  const auto expected =
      context_and_gradients(attention_composed(in.q, in.k, in.v, allowed, scale), in, false);
  for (const bool graph : {false, true}) {
    const auto got = context_and_gradients(attention(in.q, in.k, in.v, allowed, scale), in, graph);
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_TRUE(same(got[i], expected[i], kClose))
          << (i == 0   ? "context"
              : i == 1 ? "dq"
              : i == 2 ? "dk"
                       : "dv")
          << " of q " << to_string(in.q.shape()) << ", k " << to_string(in.k.shape());
  }
}

TEST(Attention, EqualsItsFormula) {
  for (const Index queries : {1, 64, 130})
    for (const Index keys : {1, 65, 256, 257, 513})
      expect_equals_formula(inputs({2, queries, 5}, {2, keys, 5}, {2, keys, 3}), kEverything);
}

TEST(Attention, EqualsItsFormulaUnderMasks) {
  expect_equals_formula(inputs({2, 2, 300, 4}, {2, 2, 300, 4}, {2, 2, 300, 4}), causal(300, 300));
  expect_equals_formula(inputs({1, 70, 4}, {1, 600, 4}, {1, 600, 2}), causal(70, 600));
  expect_equals_formula(inputs({3, 2, 66, 4}, {3, 2, 520, 4}, {3, 2, 520, 2}),
                        padding({0, 257, 520}, 520));
  const Tensor window = made({300, 300}, [](const Position& p) {
    return Scalar(std::abs(p[0] - p[1]) < 9 && p[0] != 70);
  });
  expect_equals_formula(inputs({300, 4}, {300, 4}, {300, 4}), window);
  const Tensor each = made({2, 3, 67, 300}, [](const Position& p) {
    return Scalar((p[0] + 7 * p[1] + 5 * p[2] + p[3]) % 4 == 0);
  });
  expect_equals_formula(inputs({2, 3, 67, 4}, {2, 3, 300, 4}, {2, 3, 300, 1}), each);
}

TEST(Attention, TheAxesInFrontBroadcast) {
  expect_equals_formula(inputs({3, 1, 70, 4}, {2, 80, 4}, {80, 4}), causal(70, 80));
  expect_equals_formula(inputs({2, 4}, {3, 80, 4}, {3, 80, 4}), kEverything);
}

TEST(Attention, ReadsViewsInPlace) {
  const Variable x = leaf({2, 80, 3, 4}, 1), g = leaf({2, 80, 3, 4}, 2);
  const Variable heads = permute(x, {0, 2, 1, 3});
  const Variable y = attention(heads, heads, heads, causal(80, 80), 1);
  const Variable expected = attention_composed(heads, heads, heads, causal(80, 80), 1);
  EXPECT_TRUE(same(y.value(), expected.value(), kClose));
  const Tensor dy = g.value().permute({0, 2, 1, 3});
  for (const bool graph : {false, true})
    EXPECT_TRUE(
        same(grad(y, {x}, dy, graph)[0].value(), grad(expected, {x}, dy)[0].value(), 4 * kClose));
}

TEST(Attention, StaysFiniteAtExtremes) {
  for (const Index keys : {3, 70, 300})
    for (const Scalar scale : {1e4, -1e4, 1e-4}) {
      // Whole numbers: the scores are the same however they are summed, and many are equal.
      const auto whole = [](Scalar x) { return std::round(2 * x) / 2; };
      const Inputs in{Variable(map(random({2, 66, 4}, 1), whole), true),
                      Variable(map(random({2, keys, 4}, 2), whole), true), leaf({2, keys, 3}, 3)};
      for (const Variable& x : {in.q, in.k, in.v}) ASSERT_TRUE(finite(x.value()));
      const Variable y = attention(in.q, in.k, in.v, kEverything, scale);
      const Variable expected = attention_composed(in.q, in.k, in.v, kEverything, scale);
      EXPECT_TRUE(same(y.value(), expected.value(), kClose));
      const Tensor dy = random(y.shape(), 4);
      const auto got = grad(y, {in.q, in.k, in.v}, dy);
      const auto want = grad(expected, {in.q, in.k, in.v}, dy);
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_TRUE(finite(got[i].value()));
        const double larger = i == 2 ? 1 : std::max<double>(1, std::abs(scale));
        EXPECT_TRUE(same(got[i].value(), want[i].value(), 10 * larger * kClose))
            << keys << " " << i;
      }
    }
}

TEST(Attention, NothingAllowedIsZeroWithZeroGradient) {
  const Inputs in = inputs({2, 1, 70, 4}, {2, 1, 300, 4}, {2, 1, 300, 3});
  for (const Tensor& allowed : {padding({0, 300}, 300), padding({0, 299}, 300)}) {
    const auto got = context_and_gradients(attention(in.q, in.k, in.v, allowed, 1), in, false);
    for (const Tensor& part : got) {
      const Tensor hidden = part.slice(0, 0, 1), seen = part.slice(0, 1, 2);
      EXPECT_TRUE(same(hidden, Tensor(hidden.shape())));
      EXPECT_FALSE(same(seen, Tensor(seen.shape())));
    }
  }
}

TEST(Attention, NoKeysAndNoQueries) {
  expect_equals_formula(inputs({2, 3, 4}, {2, 0, 4}, {2, 0, 5}), kEverything);
  expect_equals_formula(inputs({2, 0, 4}, {2, 70, 4}, {2, 70, 5}), kEverything);
  expect_equals_formula(inputs({0, 3, 4}, {0, 70, 4}, {0, 70, 5}), kEverything);
}

TEST(Attention, EachGradientAloneAndTwice) {
  const Inputs in = inputs({2, 9, 4}, {2, 80, 4}, {2, 80, 4});
  const Variable y = attention(in.q, in.k, in.v, kEverything, 1);
  const Tensor one = random(y.shape(), 1), other = random(y.shape(), 2);
  const std::vector<Variable> first = grad(y, {in.q, in.k, in.v}, one);
  EXPECT_TRUE(same_bits(grad(y, {in.v}, one)[0].value(), first[2].value()));
  EXPECT_FALSE(same(grad(y, {in.v}, other)[0].value(), first[2].value()));
  EXPECT_TRUE(same_bits(grad(y, {in.k}, one)[0].value(), first[1].value()));
  const Variable of_v = attention(in.q.detach(), in.k.detach(), in.v, kEverything, 1);
  EXPECT_TRUE(same_bits(grad(of_v, {in.v}, one)[0].value(), first[2].value()));
}

TEST(Attention, ThreadsChangeNoBit) {
  const int before = thread_count();
  for (const Index heads : {1, 3, 20}) {
    const Inputs in = inputs({heads, 200, 8}, {heads, 900, 8}, {heads, 900, 8});
    std::vector<Tensor> expected;
    for (const int threads : {1, 2, 3, 8}) {
      set_thread_count(threads);
      const auto got =
          context_and_gradients(attention(in.q, in.k, in.v, causal(200, 900), 1), in, false);
      if (threads == 1) expected = got;
      for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(same_bits(got[i], expected[i]));
    }
  }
  set_thread_count(before);
}

TEST(Attention, RefusesShapesThatDoNotFit) {
  const Variable q = leaf({2, 3, 4}, 1), k = leaf({2, 70, 4}, 2), v = leaf({2, 71, 4}, 3);
  EXPECT_EQ(error<ShapeError>([&] { attention(q, k, v, kEverything, 1); }),
            "attention: expected q [.., Tq, D], k [.., Tk, D], v [.., Tk, E], got [2, 3, 4], "
            "[2, 70, 4], [2, 71, 4]");
}

}  // namespace
}  // namespace rapt
