// Every module as a whole: the gradients for its inputs and its parameters against differences.
#include "nn/activation.h"
#include "nn/dropout.h"
#include "nn/embedding.h"
#include "nn/loss.h"
#include "nn/position.h"
#include "nn/transformer.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::Mask;

// For functions, which have no parameters.
const nn::Module kNothing;

TEST(ModuleGradients, Linear) {
  Rng rng(1);
  const nn::Linear linear(3, 2, rng);
  const Variable x = random_input({2, 2, 3});
  expect_gradients_match_differences(linear, {x}, [&] { return linear(x); });
}

TEST(ModuleGradients, Embedding) {
  Rng rng(1);
  const nn::Embedding table(4, 3, rng);
  expect_gradients_match_differences(table, {}, [&] { return table(Ids{{2, 2}, {0, 3, 3, 1}}); });
}

TEST(ModuleGradients, LayerNorm) {
  const nn::LayerNorm norm(5);
  const Variable x = random_input({2, 3, 5});
  expect_gradients_match_differences(norm, {x}, [&] { return norm(x); });
}

TEST(ModuleGradients, Dropout) {
  const Variable x = random_input({4, 5});
  expect_gradients_match_differences(kNothing, {x}, [&] {
    Rng rng(1);
    return nn::Dropout(0.5, rng)(x);  // a new one draws the same mask for every difference
  });
}

TEST(ModuleGradients, Activations) {
  const Variable x = random_input({4, 5});
  for (const nn::Activation activation :
       {nn::Activation::relu, nn::Activation::gelu, nn::Activation::tanh, nn::Activation::sigmoid,
        nn::Activation::identity})
    expect_gradients_match_differences(kNothing, {x}, [&] { return nn::activate(activation, x); });
}

TEST(ModuleGradients, CrossEntropy) {
  const Variable logits = random_input({2, 3, 4});
  for (const Scalar smoothing : {0.0, 0.2})
    expect_gradients_match_differences(kNothing, {logits}, [&] {
      return nn::cross_entropy(logits, Ids{{2, 3}, {0, 3, -1, 2, 2, -1}}, smoothing);
    });
}

TEST(ModuleGradients, MeanSquaredError) {
  const Variable x = random_input({2, 3}, 1), y = random_input({2, 3}, 2);
  expect_gradients_match_differences(kNothing, {x, y},
                                     [&] { return nn::mean_squared_error(x, y); });
}

TEST(ModuleGradients, AttentionWithARowThatMayAttendToNothing) {
  const Variable q = random_input({2, 3, 2}, 1), k = random_input({2, 4, 2}, 2);
  const Variable v = random_input({2, 4, 3}, 3);
  const Mask mask(Tensor({3, 4}, {1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1}));
  expect_gradients_match_differences(kNothing, {q, k, v},
                                     [&] { return nn::scaled_dot_product(q, k, v, mask).context; });
  expect_gradients_match_differences(kNothing, {q, k},
                                     [&] { return nn::scaled_dot_product(q, k, v, mask).weights; });
}

TEST(ModuleGradients, AttentionTwice) {
  const Variable q = random_input({1, 2, 2}, 1), k = random_input({1, 3, 2}, 2);
  const Variable v = random_input({1, 3, 2}, 3);
  const Mask mask(Tensor({2, 3}, {1, 0, 1, 0, 0, 0}));
  const CheckResult result = gradcheck_twice(
      [&](const std::vector<Variable>& x) {
        return nn::scaled_dot_product(x[0], x[1], x[2], mask).context;
      },
      {q, k, v});
  EXPECT_TRUE(result) << result.failure;
}

TEST(ModuleGradients, SelfAttention) {
  Rng rng(1);
  const nn::SelfAttention attention(3, 2, 4, rng);
  const Variable x = random_input({2, 3, 3});
  expect_gradients_match_differences(attention, {x},
                                     [&] { return attention(x, Mask::causal(3)).context; });
}

TEST(ModuleGradients, MultiHeadAttention) {
  Rng rng(1);
  const nn::MultiHeadAttention attention(4, 2, rng);
  const Variable x = random_input({2, 3, 4}, 1), source = random_input({2, 2, 4}, 2);
  expect_gradients_match_differences(attention, {x}, [&] {
    return attention(x, Mask::padding({0, 2}, 3)).context;
  });
  expect_gradients_match_differences(attention, {x, source},
                                     [&] { return attention(x, source).context; });
}

TEST(ModuleGradients, Positions) {
  Rng rng(1);
  const nn::SinusoidalPositions fixed(4, 3);
  const nn::LearnedPositions learned(4, 3, rng);
  const Variable x = random_input({2, 3, 3});
  expect_gradients_match_differences(fixed, {x}, [&] { return fixed(x); });
  expect_gradients_match_differences(learned, {x}, [&] { return learned(x); });
}

TEST(ModuleGradients, TransformerEncoder) {
  for (const nn::NormPlace norm : {nn::NormPlace::pre, nn::NormPlace::post})
    for (const nn::Activation activation : {nn::Activation::relu, nn::Activation::gelu}) {
      nn::EncoderOptions options;
      options.dim = 4;
      options.heads = 2;
      options.feed_forward = 5;
      options.norm = norm;
      options.activation = activation;
      Rng rng(1);
      const nn::TransformerEncoder encoder(options, rng);
      const Variable x = random_input({2, 3, 4});
      const Mask mask = Mask::causal(3) & Mask::padding({3, 2}, 3);
      expect_gradients_match_differences(encoder, {x}, [&] { return encoder(x, mask).output; });
    }
}

}  // namespace
}  // namespace rapt
