// After its first steps a training loop asks the system for no more tensor memory.
#include <gtest/gtest.h>

#include <functional>

#include "autograd/ops.h"
#include "nn/recurrent.h"
#include "nn/transformer.h"
#include "optim/adam.h"
#include "tensor/memory.h"

namespace rapt {
namespace {

void expect_steady(nn::Module& model, const std::function<Variable()>& loss) {
#if RAPT_SANITIZE
  GTEST_SKIP() << "nothing is recycled under the sanitizers";
#endif
  optim::Adam adam(model.parameters(), {.learning_rate = Scalar(0.01)});
  std::vector<std::size_t> requests;
  for (int step = 0; step < 8; ++step) {
    adam.zero_grad();
    backward(loss());
    adam.step();
    requests.push_back(memory_statistics().requests);
  }
  EXPECT_GT(requests[0], 0u);
  for (int step = 3; step < 8; ++step)
    EXPECT_EQ(requests[step], requests[2]) << "asked in step " << step;
}

TEST(SteadyState, OfAnEncoder) {
  Rng rng(1);
  nn::TransformerEncoder model({.dim = 16, .heads = 2, .feed_forward = 32, .layers = 2}, rng);
  const Tensor x = uniform({4, 12, 16}, 1, rng);
  expect_steady(model, [&] {
    const Variable y = model(x).output;
    return mean(y * y);
  });
}

TEST(SteadyState, OfARecurrentNetwork) {
  Rng rng(1);
  nn::Recurrent model({.cell = nn::CellKind::lstm, .in = 8, .hidden = 16}, rng);
  const Tensor x = uniform({4, 20, 8}, 1, rng);
  expect_steady(model, [&] {
    const Variable y = model(x).outputs;
    return mean(y * y);
  });
}

}  // namespace
}  // namespace rapt
