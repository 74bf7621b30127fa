// A whole sequence in one operation equals the same cell step by step: values, last states and all
// gradients, to the last bit.
#include <functional>

#include "nn/recurrent.h"
#include "tensor/parallel.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::Direction;
using nn::State;
using nn::unroll;
using nn::unroll_step_by_step;
using nn::Unrolled;

struct CellCase {
  const char* name;
  CellKind kind;
  nn::CellOptions options = {};
};

void PrintTo(const CellCase& cell, std::ostream* out) { *out << cell.name; }

class WholeSequence : public testing::TestWithParam<CellCase> {};

struct Sequences {
  Index batch, steps, in, hidden;
  std::vector<Index> lengths = {};
  Scalar size = 1;  // of the inputs: 1e4 saturates the gates
};

enum class Read { outputs, last, both };

std::string described(const Sequences& s, Direction direction, bool start, Read read) {
  return message("B = ", s.batch, ", T = ", s.steps, ", H = ", s.hidden, ", ", s.lengths.size(),
                 " lengths, size ", s.size, direction == Direction::forward ? "" : ", backward",
                 start ? ", from a state" : "", ", reads ", static_cast<int>(read));
}

// What is differentiated: each output and each part of the last state with its own weight.
Variable loss_of(const Unrolled& unrolled, Read read) {
  Variable loss(Scalar(0));
  if (read != Read::last)
    loss = loss + sum(unrolled.outputs * random_tensor(unrolled.outputs.shape(), 50));
  if (read != Read::outputs)
    for (std::size_t s = 0; s < unrolled.last.size(); ++s)
      loss = loss + sum(unrolled.last[s] * random_tensor(unrolled.last[s].shape(), 51 + s));
  return loss;
}

// The last bit counts, the sign of a zero does not: a gradient that nobody sent is a 0 in the one
// way and absent in the other, and -0 + 0 is 0.
testing::AssertionResult equal(const Variable& got, const Variable& expected) {
  return compare(got.value(), expected.value(), [](Scalar a, Scalar b) { return a == b; });
}

void expect_equal(const CellCase& which, const Sequences& s, Direction direction, bool start,
                  Read read) {
  SCOPED_TRACE(described(s, direction, start, read));
  Rng rng(3);
  const std::unique_ptr<nn::Cell> cell = make_cell(which.kind, s.in, s.hidden, rng, which.options);
  const Variable x = random_input({s.batch, s.steps, s.in}) * s.size;
  State initial;
  for (std::size_t i = 0; start && i < cell->zero_state(1).size(); ++i)
    initial.push_back(random_input({s.batch, s.hidden}, 7 + i));
  std::vector<Variable> inputs = cell->parameters();
  inputs.push_back(x);
  inputs.insert(inputs.end(), initial.begin(), initial.end());

  const Unrolled whole = unroll(*cell, x, s.lengths, direction, initial);
  const Unrolled steps = unroll_step_by_step(*cell, x, s.lengths, direction, initial);
  EXPECT_TRUE(same_bits(whole.outputs, steps.outputs));
  ASSERT_EQ(whole.last.size(), steps.last.size());
  for (std::size_t i = 0; i < whole.last.size(); ++i)
    EXPECT_TRUE(same_bits(whole.last[i], steps.last[i])) << "last state, part " << i;

  const std::vector<Variable> got = grad(loss_of(whole, read), inputs, Scalar(1));
  const std::vector<Variable> expected = grad(loss_of(steps, read), inputs, Scalar(1));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    EXPECT_TRUE(equal(got[i], expected[i])) << "gradient " << i;
}

TEST_P(WholeSequence, EqualsItsStepsToTheLastBit) {
  for (const Sequences& s : std::vector<Sequences>{{2, 5, 3, 4},
                                                   {1, 1, 1, 1},
                                                   {1, 6, 2, 17},
                                                   {3, 1, 2, 5},
                                                   {5, 4, 3, 9, {4, 2, 0, 1, 4}},
                                                   {35, 9, 5, 40},
                                                   {35, 9, 5, 40, std::vector<Index>(35, 7)},
                                                   {300, 3, 2, 4},
                                                   {3, 4, 3, 8, {}, Scalar(1e4)},
                                                   {3, 4, 3, 8, {3, 4, 1}, Scalar(1e4)}})
    for (const Direction direction : {Direction::forward, Direction::backward})
      for (const bool start : {false, true})
        for (const Read read : {Read::outputs, Read::last, Read::both})
          expect_equal(GetParam(), s, direction, start, read);
}

INSTANTIATE_TEST_SUITE_P(
    All, WholeSequence,
    testing::Values(CellCase{"tanh", CellKind::rnn},
                    CellCase{"relu", CellKind::rnn, {.activation = nn::Activation::relu}},
                    CellCase{"sigmoid", CellKind::rnn, {.activation = nn::Activation::sigmoid}},
                    CellCase{"gelu", CellKind::rnn, {.activation = nn::Activation::gelu}},
                    CellCase{"lstm", CellKind::lstm}, CellCase{"gru", CellKind::gru}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
