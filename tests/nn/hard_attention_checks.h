#pragma once
// What the tests of hard attention share.
#include "nn/hard_attention.h"
#include "tests/nn/module_checks.h"

namespace rapt {

inline constexpr nn::Draw kDraws[] = {nn::Draw::monte_carlo, nn::Draw::gumbel};

inline nn::HardAttention attention_of(nn::Draw draw, std::uint64_t seed = 1,
                                      Scalar temperature = 1) {
  Rng rng(seed);
  return nn::HardAttention({.draw = draw, .temperature = temperature}, rng);
}

// Each weight 0 or 1, to the bit; one 1 in each row, at its choice, and none where there is none.
inline void expect_one_hot(const nn::HardAttended& got) {
  const std::vector<Scalar> weights = got.weights.value().values();
  const std::size_t keys = static_cast<std::size_t>(got.weights.dim(-1));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const bool chosen = got.choice.values[i / keys] == static_cast<std::int32_t>(i % keys);
    ASSERT_EQ(weights[i], chosen ? 1 : 0) << position(static_cast<Index>(i), got.weights.shape());
  }
}

}  // namespace rapt
