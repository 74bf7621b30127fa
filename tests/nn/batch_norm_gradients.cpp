// Batch normalization: first and second derivatives against differences. In training the running
// averages move with every call, and must not matter.
#include "nn/batch_norm.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

void expect_gradients(const nn::BatchNorm& norm) {
  set_parameter(norm, "weight", {1.5, -0.5});
  std::vector<Variable> inputs{random_input({2, 2, 1, 3})};
  for (const Variable& p : norm.parameters()) inputs.push_back(p);
  const auto y = [&](const std::vector<Variable>& x) { return norm(x[0]); };
  const CheckResult once = gradcheck(y, inputs), twice = gradcheck_twice(y, inputs);
  EXPECT_TRUE(once) << once.failure;
  EXPECT_TRUE(twice) << twice.failure;
}

TEST(BatchNormGradients, InTraining) { expect_gradients(nn::BatchNorm(2)); }

TEST(BatchNormGradients, InEvaluation) {
  nn::BatchNorm norm(2);
  norm(random_tensor({3, 2, 2, 2}, 5));
  norm.eval();
  expect_gradients(norm);
}

}  // namespace
}  // namespace rapt
