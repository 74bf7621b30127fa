// LSTMCell, GRUCell, what all cells share, and how their weights start.
#include "nn/cell.h"

#include <cmath>

#include "nn/init.h"
#include "nn/recurrent.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::CellOptions;
using nn::GRUCell;
using nn::LSTMCell;
using nn::RecurrentInit;
using nn::RNNCell;
using nn::State;

constexpr CellKind kKinds[] = {CellKind::rnn, CellKind::lstm, CellKind::gru};

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

Tensor one_number(double x) { return Tensor({1, 1}, static_cast<Scalar>(x)); }

// H = 1: weights and biases chosen so that every gate has numbers of its own.
TEST(LSTM, OneStepByHand) {
  Rng rng(1);
  const LSTMCell cell(1, 1, rng);
  set_parameter(cell, "weight_ih", {0.5, -1, 2, 0.25});
  set_parameter(cell, "weight_hh", {1, 0.5, -0.5, 2});
  set_parameter(cell, "bias_ih", {0.25, 0.5, 0, -1});
  set_parameter(cell, "bias_hh", {0, 0.25, 0.5, 0});
  const State next = cell.step(cell.project(one_number(2)), {one_number(0.5), one_number(-1)});
  const double i = sigmoid_of(0.5 * 2 + 1 * 0.5 + 0.25);
  const double f = sigmoid_of(-1 * 2 + 0.5 * 0.5 + 0.75);
  const double g = std::tanh(2 * 2 - 0.5 * 0.5 + 0.5);
  const double o = sigmoid_of(0.25 * 2 + 2 * 0.5 - 1);
  const double c = f * -1 + i * g;
  ASSERT_EQ(next.size(), 2);
  EXPECT_TRUE(close(next[0], one_number(o * std::tanh(c))));
  EXPECT_TRUE(close(next[1], one_number(c)));
}

TEST(GRU, OneStepByHand) {
  Rng rng(1);
  const GRUCell cell(1, 1, rng);
  set_parameter(cell, "weight_ih", {0.5, -1, 2});
  set_parameter(cell, "weight_hh", {1, 0.5, -0.5});
  set_parameter(cell, "bias_ih", {0.25, 0.5, -3});
  set_parameter(cell, "bias_hh", {0, 0.25, 0.75});
  const State next = cell.step(cell.project(one_number(2)), {one_number(0.5)});
  const double r = sigmoid_of(0.5 * 2 + 1 * 0.5 + 0.25);
  const double z = sigmoid_of(-1 * 2 + 0.5 * 0.5 + 0.75);
  const double n = std::tanh(2 * 2 - 3 + r * (-0.5 * 0.5 + 0.75));
  ASSERT_EQ(next.size(), 1);
  EXPECT_TRUE(close(next[0], one_number((1 - z) * n + z * 0.5)));
}

TEST(GRU, AnOpenUpdateGateKeepsTheState) {
  Rng rng(1);
  const GRUCell cell(2, 1, rng);
  set_parameter(cell, "bias_ih", {0, 100, 0});
  const Tensor h = random_tensor({3, 1});
  EXPECT_TRUE(close(cell.step(cell.project(random_tensor({3, 2})), {h})[0], h));
}

TEST(LSTM, AnOpenForgetGateKeepsTheMemory) {
  Rng rng(1);
  const LSTMCell cell(2, 1, rng);
  set_parameter(cell, "bias_ih", {-100, 100, 0, 0});  // nothing comes in, nothing is forgotten
  const Tensor h = random_tensor({3, 1}, 1), c = random_tensor({3, 1}, 2);
  EXPECT_TRUE(close(cell.step(cell.project(random_tensor({3, 2})), {h, c})[1], c));
}

TEST(RNN, TheActivationIsChosen) {
  Rng rng(1), same(1);
  const RNNCell linear(2, 3, rng, {.activation = nn::Activation::identity});
  const RNNCell rectified(2, 3, same, {.activation = nn::Activation::relu});
  const Tensor projected = random_tensor({4, 3}, 1), h = random_tensor({4, 3}, 2);
  const Variable plain = linear.step(projected, {h})[0];
  EXPECT_TRUE(same_bits(rectified.step(projected, {h})[0], relu(plain)));
  EXPECT_FALSE(same_bits(plain, relu(plain))) << "no number was negative";
}

TEST(Cells, ShapesNamesAndZeroState) {
  for (const CellKind kind : kKinds) {
    Rng rng(1);
    const std::unique_ptr<nn::Cell> cell = make_cell(kind, 3, 4, rng);
    const Index gates = kind == CellKind::rnn ? 1 : kind == CellKind::lstm ? 4 : 3;
    EXPECT_EQ(names_of(*cell),
              (std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"}));
    EXPECT_EQ(cell->parameters()[0].shape(), (Shape{gates * 4, 3}));
    EXPECT_EQ(cell->parameters()[1].shape(), (Shape{gates * 4, 4}));
    EXPECT_EQ(cell->hidden(), 4);
    EXPECT_EQ(cell->project(random_tensor({2, 5, 3})).shape(), (Shape{2, 5, gates * 4}));
    const State zero = cell->zero_state(2);
    EXPECT_EQ(zero.size(), kind == CellKind::lstm ? 2 : 1);
    for (const Variable& part : zero) EXPECT_TRUE(same_bits(part.value(), Tensor({2, 4})));
    const State next = cell->step(cell->project(random_tensor({2, 3})), zero);
    EXPECT_EQ(next.size(), zero.size());
    for (const Variable& part : next) EXPECT_EQ(part.shape(), (Shape{2, 4}));
  }
}

TEST(Cells, EveryParameterLearns) {
  for (const CellKind kind : kKinds)
    for (const RecurrentInit init :
         {RecurrentInit::uniform, RecurrentInit::orthogonal, RecurrentInit::identity}) {
      Rng rng(1);
      const std::unique_ptr<nn::Cell> cell = make_cell(kind, 3, 4, rng, {.init = init});
      const nn::Unrolled unrolled = unroll(*cell, random_tensor({2, 5, 3}), {5, 2});
      expect_every_parameter_learns(*cell, unrolled.outputs);
      expect_every_parameter_learns(*cell, unrolled.last.back());
    }
}

TEST(Cells, StartWithinOneOverTheRootOfTheirState) {
  for (const CellKind kind : kKinds) {
    Rng rng(1), same(1);
    const std::unique_ptr<nn::Cell> cell = make_cell(kind, 100, 16, rng);
    for (const NamedVariable& p : cell->named_parameters()) {
      EXPECT_LE(largest_magnitude(p.variable.value()), 0.25) << p.name;
      EXPECT_GT(largest_magnitude(p.variable.value()), 0.2) << p.name;
    }
    expect_same_parameters(*cell, *make_cell(kind, 100, 16, same));
  }
}

TEST(Init, OrthogonalColumnsOrRows) {
  for (const auto& [rows, columns] :
       {std::pair<Index, Index>{1, 1}, {2, 2}, {32, 32}, {7, 3}, {3, 7}, {1, 5}}) {
    Rng rng(1), same(1);
    const Tensor q = nn::orthogonal(rows, columns, rng);
    ASSERT_EQ(q.shape(), (Shape{rows, columns}));
    const Variable tall = rows < columns ? q.transpose() : q;
    EXPECT_TRUE(close(matmul(transpose(tall), tall), nn::identity(std::min(rows, columns))))
        << rows << " x " << columns;
    EXPECT_TRUE(same_bits(q, nn::orthogonal(rows, columns, same)));
    EXPECT_FALSE(same_bits(q, nn::orthogonal(rows, columns, rng)) && rows > 1) << "drawn twice";
  }
}

TEST(Init, IdentityByHand) {
  EXPECT_TRUE(same_bits(nn::identity(3), Tensor({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1})));
}

TEST(Init, EveryGateHasAnOrthogonalSquareOfItsOwn) {
  Rng rng(1);
  const LSTMCell cell(3, 4, rng, {.init = RecurrentInit::orthogonal});
  for (Index gate = 0; gate < 4; ++gate) {
    const Variable q = slice(cell.weight_hh, 0, 4 * gate, 4 * gate + 4);
    EXPECT_TRUE(close(matmul(transpose(q), q), nn::identity(4))) << "gate " << gate;
    EXPECT_FALSE(gate > 0 && same_bits(q, slice(cell.weight_hh, 0, 0, 4))) << "gate " << gate;
  }
}

TEST(Init, AnIRNNKeepsItsStateWhenNothingComesIn) {
  Rng rng(1);
  const CellOptions options{.activation = nn::Activation::relu, .init = RecurrentInit::identity};
  const RNNCell cell(2, 3, rng, options);
  const Variable h(Tensor({1, 3}, {0.5, 1, 2}), true);
  const nn::Unrolled unrolled = unroll(cell, Tensor({1, 50, 2}), {}, nn::Direction::forward, {h});
  EXPECT_TRUE(same_bits(unrolled.last[0], h));
  const Tensor upstream = random_tensor({1, 3});
  EXPECT_TRUE(same_bits(grad(unrolled.last[0], {h}, upstream)[0], upstream));
}

TEST(Init, TheForgetBiasLandsOnTheForgetGate) {
  Rng rng(1), same(1);
  const LSTMCell plain(3, 2, rng);
  const LSTMCell biased(3, 2, same, {.forget_bias = 1});
  Tensor expected = copy(plain.bias_ih.value());
  expected.data()[2] += 1;
  expected.data()[3] += 1;
  EXPECT_TRUE(same_bits(biased.bias_ih, expected));
  EXPECT_TRUE(same_bits(biased.bias_hh, plain.bias_hh));
  // and that this is the gate which keeps the memory: it keeps more
  const State state{Tensor({1, 2}), Tensor({1, 2}, 1)};
  const Tensor kept = plain.step(plain.project(Tensor({1, 3})), state)[1].value();
  const Tensor more = biased.step(biased.project(Tensor({1, 3})), state)[1].value();
  for (Index i = 0; i < 2; ++i) EXPECT_GT(more.data()[i], kept.data()[i] + 0.1);
}

TEST(Cells, RefuseOtherShapes) {
  Rng rng(1);
  const LSTMCell lstm(3, 4, rng);
  const GRUCell gru(3, 4, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              lstm.project(random_tensor({2, 4}));
            }),
            "LSTMCell: x [.., N, in]: expected [.., any, 3], got [2, 4]");
  EXPECT_EQ(refusal<ShapeError>([&] { gru.project(random_tensor({3})); }),
            "GRUCell: x [.., N, in]: expected [.., any, 3], got [3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              lstm.step(random_tensor({2, 12}), lstm.zero_state(2));
            }),
            "LSTMCell: projected [B, 4H]: expected [any, 16], got [2, 12]");
  EXPECT_EQ(refusal<ShapeError>([&] { gru.step(random_tensor({}), gru.zero_state(2)); }),
            "GRUCell: projected [B, 3H]: expected [any, 12], got []");
  EXPECT_EQ(refusal<ShapeError>([&] {
              lstm.step(random_tensor({2, 16}), {Tensor({2, 4}), Tensor({1, 4})});
            }),
            "LSTMCell: state [B, H]: expected [2, 4], got [1, 4]");
  EXPECT_EQ(refusal<ValueError>([&] {
              lstm.step(random_tensor({2, 16}), {Tensor({2, 4})});
            }),
            "LSTMCell: expected a state of 2 tensors, got 1");
}

TEST(Cells, RefuseSizesAndOptionsThatMeanNothing) {
  Rng rng(1);
  EXPECT_EQ(refusal<ValueError>([&] { RNNCell(0, 4, rng); }),
            "RNNCell: in must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { LSTMCell(3, -1, rng); }),
            "LSTMCell: hidden must be at least 1, got -1");
  EXPECT_EQ(refusal<ValueError>([&] { GRUCell(3, 0, rng); }),
            "GRUCell: hidden must be at least 1, got 0");
  const CellOptions relu{.activation = nn::Activation::relu}, biased{.forget_bias = 1};
  EXPECT_EQ(refusal<ValueError>([&] { LSTMCell(3, 4, rng, relu); }),
            "LSTMCell: activation must stay tanh: only that of the RNN is free");
  EXPECT_EQ(refusal<ValueError>([&] { GRUCell(3, 4, rng, relu); }),
            "GRUCell: activation must stay tanh: only that of the RNN is free");
  EXPECT_EQ(refusal<ValueError>([&] { RNNCell(3, 4, rng, biased); }),
            "RNNCell: forget_bias must stay 0, got 1: only the LSTM has a forget gate");
  EXPECT_EQ(refusal<ValueError>([&] { GRUCell(3, 4, rng, biased); }),
            "GRUCell: forget_bias must stay 0, got 1: only the LSTM has a forget gate");
  EXPECT_EQ(refusal<ValueError>([&] { make_cell(static_cast<CellKind>(7), 3, 4, rng); }),
            "make_cell: unknown kind");
  EXPECT_EQ(refusal<ValueError>([&] { nn::orthogonal(0, 3, rng); }),
            "orthogonal: rows must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([&] { nn::identity(0); }), "identity: N must be at least 1, got 0");
}

}  // namespace
}  // namespace rapt
