// Attention over images as a whole: the gradients for inputs and parameters against differences.
#include "nn/cbam.h"
#include "nn/non_local.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

// First and second order.
void expect_gradients(const nn::Module& module, const Variable& x,
                      const std::function<Variable()>& y) {
  expect_gradients_match_differences(module, {x}, y);
  std::vector<Variable> inputs = module.parameters();
  inputs.push_back(x);
  const CheckResult twice =
      gradcheck_twice([&y](const std::vector<Variable>&) { return y(); }, inputs);
  EXPECT_TRUE(twice) << twice.failure << "; the parameters "
                     << testing::PrintToString(names_of(module)) << ", then x";
}

TEST(ModuleGradients, SqueezeExcitation) {
  Rng rng(1);
  const nn::SqueezeExcitation layer(4, 2, rng);
  const Variable x = random_input({2, 4, 2, 3});
  expect_gradients(layer, x, [&] { return layer(x).output; });
  expect_gradients(layer, x, [&] { return layer(x).gate; });
}

TEST(ModuleGradients, ChannelAttention) {
  Rng rng(1);
  const nn::ChannelAttention layer(4, 2, rng);
  const Variable x = random_input({2, 4, 2, 3});
  expect_gradients(layer, x, [&] { return layer(x).output; });
}

TEST(ModuleGradients, SpatialAttention) {
  Rng rng(1);
  const nn::SpatialAttention layer(3, rng);
  const Variable x = random_input({2, 3, 3, 2});
  expect_gradients(layer, x, [&] { return layer(x).output; });
}

TEST(ModuleGradients, Cbam) {
  Rng rng(1);
  const nn::Cbam layer(3, 1, 3, rng);
  const Variable x = random_input({2, 3, 2, 3});
  expect_gradients(layer, x, [&] { return layer(x).output; });
}

TEST(ModuleGradients, NonLocal) {
  Rng rng(1);
  const nn::NonLocal block(4, rng);
  Variable weight = block.weight;
  weight.mutable_value() = random_tensor(weight.shape(), 5);  // at 0 nothing else would learn
  const Variable x = random_input({2, 4, 2, 2});
  expect_gradients(block, x, [&] { return block(x).context; });
}

}  // namespace
}  // namespace rapt
