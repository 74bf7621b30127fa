// RNNCell and unroll.
#include "nn/recurrent.h"

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::Direction;
using nn::RNNCell;
using nn::unroll;
using nn::Unrolled;

constexpr CellKind kKinds[] = {CellKind::rnn, CellKind::lstm, CellKind::gru};

Scalar tanh_of(double x) { return static_cast<Scalar>(std::tanh(x)); }

Variable reversed(const Variable& x) {
  std::vector<Variable> steps;
  for (Index t = x.dim(1) - 1; t >= 0; --t) steps.push_back(select(x, 1, t));
  return stack(steps, 1);
}

// h_t = tanh(x_t / 2 + 0.1 + h_(t-1) / 4 - 0.2)
RNNCell cell_by_hand() {
  Rng rng(1);
  RNNCell cell(1, 1, rng);
  set_parameter(cell, "weight_ih", {Scalar(0.5)});
  set_parameter(cell, "weight_hh", {Scalar(0.25)});
  set_parameter(cell, "bias_ih", {Scalar(0.1)});
  set_parameter(cell, "bias_hh", {Scalar(-0.2)});
  return cell;
}

TEST(RNN, TwoStepsByHand) {
  const Unrolled unrolled = unroll(cell_by_hand(), Tensor({1, 2, 1}, {1, 2}));
  const Scalar first = tanh_of(0.4), second = tanh_of(0.9 + 0.25 * first);
  EXPECT_TRUE(close(unrolled.outputs, Tensor({1, 2, 1}, {first, second})));
  EXPECT_TRUE(close(unrolled.last.at(0), Tensor({1, 1}, second)));
}

TEST(RNN, BackwardByHand) {
  const Unrolled unrolled =
      unroll(cell_by_hand(), Tensor({1, 2, 1}, {1, 2}), {}, Direction::backward);
  const Scalar first = tanh_of(0.9), second = tanh_of(0.4 + 0.25 * first);
  EXPECT_TRUE(close(unrolled.outputs, Tensor({1, 2, 1}, {second, first})));
  EXPECT_TRUE(close(unrolled.last.at(0), Tensor({1, 1}, second)));
}

TEST(RNN, BeyondItsLengthASequenceIsOver) {
  const Tensor x({3, 2, 1}, {1, 2, 1, 2, 1, 2});
  const Scalar first = tanh_of(0.4), second = tanh_of(0.9 + 0.25 * first);
  const Unrolled unrolled = unroll(cell_by_hand(), x, {2, 1, 0});
  EXPECT_TRUE(close(unrolled.outputs, Tensor({3, 2, 1}, {first, second, first, 0, 0, 0})));
  EXPECT_TRUE(close(unrolled.last.at(0), Tensor({3, 1}, {second, first, 0})));
}

TEST(RNN, BackwardIsForwardOnTheReversedSequence) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  const Variable x = random_tensor({2, 5, 3});
  const Unrolled back = unroll(cell, x, {}, Direction::backward);
  const Unrolled ahead = unroll(cell, reversed(x));
  EXPECT_TRUE(same_bits(back.outputs, reversed(ahead.outputs)));
  EXPECT_TRUE(same_bits(back.last[0], ahead.last[0]));
}

TEST(RNN, TheLastStateIsTheLastOutput) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  const Unrolled unrolled = unroll(cell, random_tensor({2, 5, 3}), {3, 5});
  EXPECT_TRUE(
      same_bits(slice(unrolled.last[0], 0, 0, 1), select(slice(unrolled.outputs, 0, 0, 1), 1, 2)));
  EXPECT_TRUE(
      same_bits(slice(unrolled.last[0], 0, 1, 2), select(slice(unrolled.outputs, 0, 1, 2), 1, 4)));
}

TEST(Unroll, ContinuesFromAnInitialState) {
  for (const CellKind kind : kKinds) {
    Rng rng(1);
    const std::unique_ptr<nn::Cell> cell = make_cell(kind, 3, 4, rng);
    const Variable x = random_tensor({2, 5, 3});
    const Unrolled whole = unroll(*cell, x);
    const Unrolled first = unroll(*cell, slice(x, 1, 0, 2));
    const Unrolled second = unroll(*cell, slice(x, 1, 2, 5), {}, Direction::forward, first.last);
    EXPECT_TRUE(same_bits(concat({first.outputs, second.outputs}, 1), whole.outputs));
    for (std::size_t s = 0; s < whole.last.size(); ++s)
      EXPECT_TRUE(same_bits(second.last[s], whole.last[s])) << "part " << s;
  }
}

TEST(Unroll, AnEmptySequenceKeepsTheInitialState) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  const Tensor start = random_tensor({2, 4}, 2);
  const Unrolled unrolled =
      unroll(cell, random_tensor({2, 5, 3}), {0, 5}, Direction::backward, {start});
  EXPECT_TRUE(same_bits(slice(unrolled.last[0], 0, 0, 1), start.slice(0, 0, 1)));
  EXPECT_FALSE(same_bits(slice(unrolled.last[0], 0, 1, 2), start.slice(0, 1, 2)));
}

TEST(RNN, RefusesOtherShapes) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              cell.project(random_tensor({2, 4}));
            }),
            "RNNCell: x [.., N, in]: expected [.., any, 3], got [2, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              cell.step(random_tensor({2, 3}), cell.zero_state(2));
            }),
            "RNNCell: projected [B, H]: expected [any, 4], got [2, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              cell.step(random_tensor({2, 4}), cell.zero_state(1));
            }),
            "RNNCell: state [B, H]: expected [2, 4], got [1, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              unroll(cell, random_tensor({5, 3}));
            }),
            "unroll: x [B, T, in]: expected [any, any, any], got [5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] {
              unroll(cell, Tensor({2, 0, 3}));
            }),
            "unroll: T must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] {
              unroll(cell, Tensor({0, 5, 3}));
            }),
            "unroll: B must be at least 1, got 0");
  EXPECT_EQ(refusal<ShapeError>([&] {
              unroll(cell, Tensor({2, 5, 3}), {}, Direction::forward, {Tensor({1, 4})});
            }),
            "RNNCell: state [B, H]: expected [2, 4], got [1, 4]");
}

TEST(RNN, RefusesLengthsThatDoNotFit) {
  Rng rng(1);
  const RNNCell cell(3, 4, rng);
  const Tensor x = random_tensor({2, 5, 3});
  EXPECT_EQ(refusal<ShapeError>([&] { unroll(cell, x, {5}); }),
            "unroll: 1 lengths for x [B, T, in] of [2, 5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] {
              unroll(cell, x, {5, 6});
            }),
            "unroll: length 6 does not lie in 0 .. 5 of x [B, T, in] of [2, 5, 3]");
  EXPECT_EQ(refusal<ValueError>([&] {
              unroll(cell, x, {-1, 5});
            }),
            "unroll: length -1 does not lie in 0 .. 5 of x [B, T, in] of [2, 5, 3]");
}

}  // namespace
}  // namespace rapt
