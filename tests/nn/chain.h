#pragma once
// A model that can be computed by hand, for the tests of decoding.
#include <utility>
#include <vector>

#include "autograd/ops.h"
#include "nn/decoding.h"
#include "tensor/elementwise.h"
#include "tensor/math.h"

namespace rapt {

// p(next | last) = table[last, next], with one table for each source. The state holds the source
// [B] and all tokens that were read [B, t], and the weights [B, kTime] show them, behind them -1:
// whoever confuses the rows of a state is found out. A chain counts its steps in `batches`.
class Chain : public nn::Stepwise {
 public:
  static constexpr Index kTime = 8;

  explicit Chain(std::vector<Tensor> tables) : tables_(std::move(tables)) {}

  static nn::State state(const std::vector<Scalar>& sources) {
    const auto batch = static_cast<Index>(sources.size());
    return {Tensor({batch}, sources), Tensor({batch, 0})};
  }

  nn::Next next(const Ids& tokens, const nn::State& state) const override {
    const Index batch = tokens.shape[0], seen = state.at(1).dim(1) + 1;
    batches.push_back(batch);
    const Tensor read({batch, 1}, std::vector<Scalar>(tokens.values.begin(), tokens.values.end()));
    const Variable history = concat({state[1], read}, 1);
    std::vector<Variable> rows;
    for (Index b = 0; b < batch; ++b) {
      const Index last = tokens.values[b];
      rows.emplace_back(
          tables_[static_cast<std::size_t>(state[0].value().at({b}))].slice(0, last, last + 1));
    }
    const Variable weights = concat({history, Tensor({batch, kTime - seen}, -1)}, 1);
    return {log(concat(rows, 0)), {state[0], history}, weights};
  }

  mutable std::vector<Index> batches;

 private:
  std::vector<Tensor> tables_;  // [V, V] each
};

// What a chain that begins with `start` shows while it says `tokens`. [T, kTime]
inline Tensor history_of(std::int32_t start, const std::vector<std::int32_t>& tokens) {
  const auto time = static_cast<Index>(tokens.size());
  Tensor rows({time, Chain::kTime}, -1);
  for (Index t = 0; t < time; ++t)
    for (Index i = 0; i <= t; ++i)
      rows.data()[t * Chain::kTime + i] = static_cast<Scalar>(i == 0 ? start : tokens[i - 1]);
  return rows;
}

// Tokens of the tables below.
inline constexpr std::int32_t kStart = 0, kA = 1, kB = 2, kEnd = 3;

// The likeliest first step is a trap: A end has the probability 0.6 0.4 = 0.24, B end 0.4 0.9.
inline const Tensor kTrap({4, 4}, {0, 0.6, 0.4, 0,      //
                                   0, 0.3, 0.3, 0.4,    //
                                   0, 0.07, 0.03, 0.9,  //
                                   0, 0, 0, 1});

// A end 0.4 0.9 = 0.36, B A end .., B B end ..: the second is longer, and a little less likely.
inline const Tensor kLonger({4, 4}, {0, 0.4, 0.6, 0,      //
                                     0, 0, 0.1, 0.9,      //
                                     0, 0.65, 0.05, 0.3,  //
                                     0, 0, 0, 1});

}  // namespace rapt
