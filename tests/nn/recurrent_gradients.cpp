// Cells and recurrent networks: the gradients for inputs, states and parameters against
// differences.
#include "nn/recurrent.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::CellKind;
using nn::State;

constexpr CellKind kKinds[] = {CellKind::rnn, CellKind::lstm, CellKind::gru};

// Both parts of an LSTM's state, so that neither gradient is left out.
Variable joined(const State& state) { return concat(state, -1); }

TEST(CellGradients, OneStep) {
  for (const CellKind kind : kKinds) {
    Rng rng(1);
    const std::unique_ptr<nn::Cell> cell = make_cell(kind, 2, 3, rng);
    const Variable x = random_input({2, 2}, 1);
    std::vector<Variable> inputs{x};
    for (std::size_t s = 0; s < cell->zero_state(2).size(); ++s)
      inputs.push_back(random_input({2, 3}, 2 + s));
    const State state(inputs.begin() + 1, inputs.end());
    expect_gradients_match_differences(*cell, inputs,
                                       [&] { return joined(cell->step(cell->project(x), state)); });
  }
}

TEST(CellGradients, EveryActivationOfTheRNN) {
  for (const nn::Activation activation :
       {nn::Activation::tanh, nn::Activation::relu, nn::Activation::sigmoid}) {
    Rng rng(1);
    const nn::RNNCell cell(2, 3, rng, {.activation = activation});
    const Variable x = random_input({2, 2}, 1), h = random_input({2, 3}, 2);
    expect_gradients_match_differences(cell, {x, h},
                                       [&] { return cell.step(cell.project(x), {h})[0]; });
  }
}

TEST(CellGradients, UnrolledWithLengthsAndAnInitialState) {
  const Variable x = random_input({3, 3, 2});
  for (const CellKind kind : kKinds)
    for (const nn::Direction direction : {nn::Direction::forward, nn::Direction::backward})
      for (const std::vector<Index>& lengths :
           {std::vector<Index>{}, std::vector<Index>{3, 2, 0}}) {
        Rng rng(1);
        const std::unique_ptr<nn::Cell> cell = make_cell(kind, 2, 2, rng);
        State start;
        for (std::size_t s = 0; s < cell->zero_state(3).size(); ++s)
          start.push_back(random_input({3, 2}, 2 + s));
        std::vector<Variable> inputs{x};
        inputs.insert(inputs.end(), start.begin(), start.end());
        const auto run = [&] { return unroll(*cell, x, lengths, direction, start); };
        expect_gradients_match_differences(*cell, inputs, [&] { return run().outputs; });
        expect_gradients_match_differences(*cell, inputs, [&] { return joined(run().last); });
      }
}

TEST(RecurrentGradients, TwoLayersInBothDirections) {
  const Variable x = random_input({2, 3, 2});
  for (const CellKind kind : kKinds) {
    Rng rng(1);
    const nn::Recurrent both(
        {.cell = kind, .in = 2, .hidden = 2, .layers = 2, .bidirectional = true}, rng);
    expect_gradients_match_differences(both, {x}, [&] { return both(x, {3, 2}).outputs; });
    expect_gradients_match_differences(both, {x}, [&] {
      State last;
      for (const State& state : both(x, {3, 2}).last) last.push_back(joined(state));
      return joined(last);
    });
  }
}

}  // namespace
}  // namespace rapt
