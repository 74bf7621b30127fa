// Which gradients pass a choice: none a draw, those of a softmax Gumbel's.
#include <limits>

#include "tensor/elementwise.h"
#include "tensor/reduce.h"
#include "tests/nn/hard_attention_checks.h"

namespace rapt {
namespace {

using nn::Draw;
using nn::HardAttended;
using nn::HardAttention;
using nn::Mask;

TEST(StraightThrough, NoGradientPassesTheDraw) {
  const Variable scores = random_input({2, 3, 5}), v = random_input({2, 5, 4}, 2);
  const HardAttended got = attention_of(Draw::monte_carlo)(scores, v);
  EXPECT_FALSE(got.weights.requires_grad());
  backward_at_random(got.context);
  EXPECT_FALSE(scores.has_grad());
  const Tensor up = random_tensor({2, 3, 4}, 99);
  EXPECT_TRUE(close(v.grad(), matmul(transpose(got.weights), up).value()));
}

// The noise, drawn again from the layer's generator: one number for each key, row by row.
Tensor noise_of(const Shape& shape, std::uint64_t seed) {
  Rng rng(seed);
  Rng own = rng.fork();
  Tensor noise(shape);
  for (Index i = 0; i < noise.size(); ++i)
    noise.data()[i] = Scalar(-std::log(-std::log(own.uniform())));
  return noise;
}

TEST(StraightThrough, GumbelIsHardForwardsAndSoftBackwards) {
  const Mask mask = Mask::padding({5, 3}, 5);
  for (const Scalar temperature : {Scalar(0.1), Scalar(0.5), Scalar(1), Scalar(8)}) {
    const Variable scores = random_input({2, 3, 5}), v = random_input({2, 5, 4}, 2);
    const HardAttended got = attention_of(Draw::gumbel, 6, temperature)(scores, v, mask);
    expect_one_hot(got);
    backward_at_random(got.context);

    const Variable same = random_input({2, 3, 5});
    const Variable noisy = same + noise_of({2, 3, 5}, 6);
    const nn::Attended soft = nn::attend(noisy / temperature, v.detach(), mask);
    EXPECT_EQ(argmax(soft.weights.value()).values, got.choice.values);
    backward_at_random(soft.context);
    EXPECT_TRUE(close(scores.grad(), same.grad(), 20 * kClose));
    EXPECT_GT(largest_magnitude(same.grad()), 1e-3);
    EXPECT_TRUE(
        close(v.grad(), matmul(transpose(got.weights), random_tensor({2, 3, 4}, 99)).value()));
  }
}

// The soft weights that the gradient takes for the choice: lower temperatures bring them nearer to
// it, and at the end no gradient is left.
TEST(StraightThrough, ALowTemperatureSharpens) {
  const auto gradient = [](Scalar temperature) {
    const Variable scores = random_input({1, 50, 4});
    const HardAttended got =
        attention_of(Draw::gumbel, 2, temperature)(scores, random_input({1, 4, 4}, 2));
    backward_at_random(got.context);
    return scores.grad();
  };
  // The share of rows that a gradient reaches.
  const auto open = [&](Scalar temperature) {
    const Tensor largest =
        max(map(gradient(temperature), [](Scalar g) { return std::abs(g); }), -1);
    return sum(map(largest, [](Scalar g) { return Scalar(g > 0.01); })).item() / 50;
  };
  EXPECT_GT(open(1), 0.9);
  EXPECT_LT(open(Scalar(0.05)), 0.6);
  EXPECT_EQ(largest_magnitude(gradient(std::numeric_limits<Scalar>::denorm_min())), 0);
}

}  // namespace
}  // namespace rapt
