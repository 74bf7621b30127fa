// Attention looks at every pair of T steps, recurrence takes T steps, one after the other: how the
// time of each grows with T. One sequence of 128 features, forward and backward.
#include <memory>

#include "autograd/ops.h"
#include "examples/benchmark/case.h"
#include "nn/attention.h"
#include "nn/recurrent.h"

namespace rapt::benchmark {
namespace {

constexpr Index kFeatures = 128, kHeads = 4;

template <class Layer>
Case growth(const std::string& name, Index length, Layer make_layer) {
  return {"growth_" + name + "_T" + std::to_string(length), [=]() -> Step {
            Rng rng(1);
            const auto layer = make_layer(rng);
            std::vector<Variable> inputs{{normal({1, length, kFeatures}, 1, rng), true}};
            for (const Variable& parameter : layer->parameters()) inputs.push_back(parameter);
            const Variable dy = normal({1, length, kFeatures}, 1, rng);
            return [=] { grad(layer->run(inputs[0]), inputs, dy); };
          }};
}

struct Attention : nn::MultiHeadAttention {
  Attention(Rng& rng, nn::Weights weights) : MultiHeadAttention(kFeatures, kHeads, rng, weights) {}
  Variable run(const Variable& x) const { return (*this)(x).context; }
};

struct Recurrence : nn::Recurrent {
  explicit Recurrence(Rng& rng)
      : Recurrent({.cell = nn::CellKind::gru, .in = kFeatures, .hidden = kFeatures}, rng) {}
  Variable run(const Variable& x) const { return (*this)(x).outputs; }
};

}  // namespace

std::vector<Case> growth_cases() {
  std::vector<Case> cases;
  const auto attention = [](nn::Weights weights) {
    return [weights](Rng& rng) { return std::make_shared<Attention>(rng, weights); };
  };
  const auto gru = [](Rng& rng) { return std::make_shared<Recurrence>(rng); };
  for (Index length = 64; length <= 4096; length *= 2) {
    cases.push_back(growth("attention", length, attention(nn::Weights::dropped)));
    cases.push_back(growth("attention_kept", length, attention(nn::Weights::kept)));
    cases.push_back(growth("gru", length, gru));
  }
  return cases;
}

}  // namespace rapt::benchmark
