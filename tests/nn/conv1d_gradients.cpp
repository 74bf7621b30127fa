// Convolutions as a whole: the gradients for inputs and parameters against differences.
#include "nn/temporal_conv_net.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

TEST(ModuleGradients, Conv1d) {
  const Variable x = random_input({2, 6, 4});
  for (const nn::Conv1dOptions& options :
       {nn::Conv1dOptions{}, nn::Conv1dOptions{.kernel = 2, .stride = 2, .left = 1},
        nn::Conv1dOptions{.kernel = 3, .stride = 3, .dilation = 2, .groups = 2, .right = 3},
        nn::Conv1dOptions::causal(2, 3)}) {
    Rng rng(1);
    const nn::Conv1d conv(4, 2, options, rng);
    expect_gradients_match_differences(conv, {x}, [&] { return conv(x); });
  }
}

TEST(ModuleGradients, TemporalConvNet) {
  Rng rng(1);
  const nn::TemporalConvNet net({.in = 2, .channels = 3, .levels = 2, .kernel = 2}, rng);
  const Variable x = random_input({2, 7, 2});
  expect_gradients_match_differences(net, {x}, [&] { return net(x); });
}

}  // namespace
}  // namespace rapt
