// Recurrent: layers, directions, dropout, and padding that changes nothing.
#include <limits>

#include "nn/recurrent.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::Direction;
using nn::Recurrent;
using nn::RecurrentOptions;
using nn::RecurrentOutput;
using nn::RNNCell;
using nn::State;
using nn::unroll;
using nn::Unrolled;

constexpr CellKind kKinds[] = {CellKind::rnn, CellKind::lstm, CellKind::gru};

// in = 3, H = 4
RecurrentOptions options_of(CellKind cell, Index layers, bool bidirectional, Scalar dropout = 0) {
  return {.cell = cell,
          .in = 3,
          .hidden = 4,
          .layers = layers,
          .bidirectional = bidirectional,
          .dropout = dropout};
}

Recurrent make(const RecurrentOptions& options) {
  Rng rng(1);
  return Recurrent(options, rng);
}

TEST(Recurrent, BothDirectionsAreTwoReadingsSideBySide) {
  Rng rng(1), same(1);
  const Recurrent both({.cell = CellKind::rnn, .in = 3, .hidden = 4, .bidirectional = true}, rng);
  const RNNCell forward(3, 4, same), backward(3, 4, same);
  const Tensor x = random_tensor({2, 5, 3});
  const nn::RecurrentOutput read = both(x, {5, 2});
  const Unrolled ahead = unroll(forward, x, {5, 2});
  const Unrolled back = unroll(backward, x, {5, 2}, Direction::backward);
  EXPECT_EQ(both.features(), 8);
  EXPECT_EQ(read.outputs.shape(), (Shape{2, 5, 8}));
  EXPECT_TRUE(same_bits(slice(read.outputs, 2, 0, 4), ahead.outputs));
  EXPECT_TRUE(same_bits(slice(read.outputs, 2, 4, 8), back.outputs));
  EXPECT_TRUE(same_bits(read.last.at(0).at(0), ahead.last[0]));
  EXPECT_TRUE(same_bits(read.last.at(1).at(0), back.last[0]));
}

TEST(Recurrent, TheSecondLayerReadsTheFirst) {
  Rng rng(1), same(1);
  const Recurrent stack(options_of(CellKind::rnn, 2, false), rng);
  const RNNCell first(3, 4, same), second(4, 4, same);
  const Tensor x = random_tensor({2, 5, 3});
  const RecurrentOutput read = stack(x);
  const Unrolled lower = unroll(first, x);
  const Unrolled upper = unroll(second, lower.outputs);
  EXPECT_EQ(stack.features(), 4);
  EXPECT_TRUE(same_bits(read.outputs, upper.outputs));
  ASSERT_EQ(read.last.size(), 2);
  EXPECT_TRUE(same_bits(read.last[0][0], lower.last[0]));
  EXPECT_TRUE(same_bits(read.last[1][0], upper.last[0]));
}

TEST(Recurrent, NamesOfTheParameters) {
  std::vector<std::string> expected;
  for (const char* layer : {"layers.0.", "layers.1."})
    for (const char* direction : {"forward.", "backward."})
      for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
        expected.push_back(std::string(layer).append(direction).append(name));
  EXPECT_EQ(names_of(make(options_of(CellKind::gru, 2, true, 0.5))), expected);
}

TEST(Recurrent, EachDirectionSeesItsOwnSide) {
  for (const CellKind kind : kKinds) {
    const Recurrent both = make(options_of(kind, 1, true));
    const Variable x = random_tensor({1, 5, 3}, 1), other = random_tensor({1, 1, 3}, 2);
    const Variable before = both(x).outputs;
    const Variable changed = concat({slice(x, 1, 0, 2), other, slice(x, 1, 3, 5)}, 1);
    const Variable after = both(changed).outputs;
    for (Index t = 0; t < 5; ++t) {
      const Variable was = select(before, 1, t), is = select(after, 1, t);
      EXPECT_EQ(bool(same_bits(slice(was, 1, 0, 4), slice(is, 1, 0, 4))), t < 2) << t;
      EXPECT_EQ(bool(same_bits(slice(was, 1, 4, 8), slice(is, 1, 4, 8))), t > 2) << t;
    }
  }
}

TEST(Recurrent, EveryParameterLearns) {
  for (const CellKind kind : kKinds)
    for (const bool bidirectional : {false, true}) {
      const Recurrent stack = make(options_of(kind, 2, bidirectional));
      expect_every_parameter_learns(stack, stack(random_tensor({2, 5, 3}), {5, 2}).outputs);
    }
}

TEST(Recurrent, ContinuesFromInitialStates) {
  for (const CellKind kind : kKinds) {
    const Recurrent stack = make(options_of(kind, 2, false));
    const Variable x = random_tensor({2, 5, 3});
    const RecurrentOutput whole = stack(x);
    const RecurrentOutput first = stack(slice(x, 1, 0, 2));
    const RecurrentOutput second = stack(slice(x, 1, 2, 5), {}, first.last);
    EXPECT_TRUE(same_bits(concat({first.outputs, second.outputs}, 1), whole.outputs));
    for (std::size_t layer = 0; layer < 2; ++layer)
      EXPECT_TRUE(same_bits(second.last[layer].back(), whole.last[layer].back())) << layer;
  }
}

TEST(Recurrent, EachCellStartsFromItsOwnInitialState) {
  const Recurrent both = make(options_of(CellKind::rnn, 2, true));
  std::vector<State> start;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) start.push_back({random_tensor({2, 4}, seed)});
  // Sequences of length 0 end where they start.
  const RecurrentOutput read = both(random_tensor({2, 5, 3}), {0, 0}, start);
  ASSERT_EQ(read.last.size(), 4);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(same_bits(read.last[i][0], start[i][0])) << i;
}

TEST(Recurrent, WhatThePaddingHoldsChangesNotOneBit) {
  const Tensor weight = random_tensor({3, 5, 8}, 9);
  const std::vector<Index> lengths{3, 5, 0};
  for (const CellKind kind : kKinds)
    for (const Scalar filling :
         {Scalar(-7), std::numeric_limits<Scalar>::max(), std::numeric_limits<Scalar>::infinity(),
          std::numeric_limits<Scalar>::quiet_NaN()}) {
      const Recurrent both = make(options_of(kind, 2, true));
      Tensor padded = random_tensor({3, 5, 3});
      for (Index b = 0; b < 3; ++b)
        for (Index i = 3 * lengths[static_cast<std::size_t>(b)]; i < 3 * 5; ++i)
          padded.data()[b * 3 * 5 + i] = filling;
      const Variable x(random_tensor({3, 5, 3}), true), strange(padded, true);
      const RecurrentOutput expected = both(x, lengths), got = both(strange, lengths);
      EXPECT_TRUE(same_bits(got.outputs, expected.outputs));
      for (std::size_t i = 0; i < expected.last.size(); ++i)
        EXPECT_TRUE(same_bits(got.last[i].back(), expected.last[i].back())) << i;
      std::vector<Variable> leaves = both.parameters(), others = leaves;
      leaves.push_back(x);
      others.push_back(strange);
      const std::vector<Variable> a = grad(expected.outputs, leaves, weight);
      const std::vector<Variable> b = grad(got.outputs, others, weight);
      for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_TRUE(same_bits(b[i], a[i])) << (i + 1 < a.size() ? names_of(both)[i] : "x");
    }
}

TEST(Recurrent, DropoutStandsBetweenLayersOnly) {
  const Tensor x({2, 3, 3}, 1);
  Recurrent one = make(options_of(CellKind::gru, 1, true, 0.5));
  EXPECT_TRUE(same_bits(one(x).outputs, make(options_of(CellKind::gru, 1, true))(x).outputs));

  Recurrent two = make(options_of(CellKind::gru, 2, false, 0.5));
  const RecurrentOutput plain = make(options_of(CellKind::gru, 2, false))(x);
  const RecurrentOutput dropped = two(x);
  EXPECT_TRUE(same_bits(dropped.last[0][0], plain.last[0][0])) << "before the first layer";
  EXPECT_FALSE(same_bits(dropped.outputs, plain.outputs)) << "between the layers";
  EXPECT_FALSE(same_bits(two(x).outputs, dropped.outputs)) << "the same numbers were dropped";
  for (const Scalar y : dropped.outputs.value().values()) EXPECT_NE(y, 0) << "after the last layer";
  two.eval();
  EXPECT_TRUE(same_bits(two(x).outputs, plain.outputs)) << "in eval()";
}

TEST(Recurrent, SameSeedSameBits) {
  for (const CellKind kind : kKinds)
    expect_same_parameters(make(options_of(kind, 2, true)), make(options_of(kind, 2, true)));
}

TEST(Recurrent, RefusesOptionsThatMeanNothing) {
  const auto refused = [](const RecurrentOptions& options) {
    return refusal<ValueError>([&] { make(options); });
  };
  EXPECT_EQ(refused({}), "Recurrent: in must be at least 1, got 0");
  EXPECT_EQ(refused({.in = 3, .hidden = -1}), "Recurrent: hidden must be at least 1, got -1");
  EXPECT_EQ(refused({.in = 3, .layers = 0}), "Recurrent: layers must be at least 1, got 0");
  EXPECT_EQ(refused({.in = 3, .dropout = 1}), "Recurrent: dropout must lie in [0, 1), got 1");
  EXPECT_EQ(refused({.in = 3, .dropout = Scalar(-0.5)}),
            "Recurrent: dropout must lie in [0, 1), got -0.5");
  EXPECT_EQ(refused({.in = 3, .options = {.activation = nn::Activation::relu}}),
            "GRUCell: activation must stay tanh: only that of the RNN is free");
}

TEST(Recurrent, RefusesInputsThatDoNotFit) {
  const Recurrent both = make(options_of(CellKind::lstm, 2, true));
  const Tensor x = random_tensor({2, 5, 3});
  EXPECT_EQ(refusal<ShapeError>([&] {
              both(random_tensor({2, 5, 4}));
            }),
            "Recurrent: x [B, T, in]: expected [any, any, 3], got [2, 5, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              both(random_tensor({5, 3}));
            }),
            "Recurrent: x [B, T, in]: expected [any, any, 3], got [5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] {
              both(Tensor({0, 5, 3}));
            }),
            "unroll: B must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] {
              both(Tensor({2, 0, 3}));
            }),
            "unroll: T must be at least 1, got 0");
  EXPECT_EQ(refusal<ShapeError>([&] { both(x, {5}); }),
            "unroll: 1 lengths for x [B, T, in] of [2, 5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] {
              both(x, {6, 5});
            }),
            "unroll: length 6 does not lie in 0 .. 5 of x [B, T, in] of [2, 5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] { both(x, {}, std::vector<State>(2)); }),
            "Recurrent: expected 4 initial states (layers x directions), got 2");
  EXPECT_EQ(refusal<ValueError>([&] {
              both(x, {}, std::vector<State>(4, {Tensor({2, 4})}));
            }),
            "LSTMCell: expected a state of 2 tensors, got 1");
}

}  // namespace
}  // namespace rapt
