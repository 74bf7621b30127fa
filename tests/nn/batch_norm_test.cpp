// Batch normalization.
#include "nn/batch_norm.h"

#include "tensor/parallel.h"
#include "tests/nn/module_checks.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::BatchNorm;

TEST(BatchNorm, ByHand) {
  BatchNorm norm(2, Scalar(0.5), 0);
  set_parameter(norm, "weight", {2, 1});
  set_parameter(norm, "bias", {0, 1});
  const Tensor x({2, 2}, {1, 3, 5, 7});  // mean 3 and 5, variance 4; unbiased 8
  EXPECT_TRUE(close(norm(x), Tensor({2, 2}, {-2, 0, 2, 2})));
  EXPECT_TRUE(close(norm.running_mean(), Tensor({2}, {1.5, 2.5})));
  EXPECT_TRUE(close(norm.running_variance(), Tensor({2}, {4.5, 4.5})));
  norm.eval();
  const Scalar root = std::sqrt(Scalar(4.5));
  EXPECT_TRUE(close(norm(x.slice(0, 1, 2)), Tensor({1, 2}, {7 / root, Scalar(4.5) / root + 1})));
}

TEST(BatchNorm, AgreesWithPyTorch) {
  const Reference stored("batch_norm");
  BatchNorm norm(2);
  stored.load_into(norm);
  const Variable first = stored.input("first"), second = stored.input("second");
  const Variable one = norm(first), two = norm(second + 1);
  const Tensor mean = norm.running_mean(), variance = norm.running_variance();
  norm.eval();
  stored.expect_matches({{"first", one},
                         {"second", two},
                         {"running_mean", mean},
                         {"running_variance", variance},
                         {"evaluated", norm(first)}},
                        {{"first", first}, {"second", second}}, norm);
  EXPECT_TRUE(same_bits(norm.running_mean(), mean)) << "eval() must not move the averages";
}

TEST(BatchNorm, AnyNumberOfAxesFollowsTheChannels) {
  BatchNorm flat(3), images(3);
  const Tensor x = random_tensor({2, 3, 4, 5});
  const Tensor rows = copy(x.permute({0, 2, 3, 1})).reshape({40, 3});
  const Tensor y = flat(rows).value().reshape({2, 4, 5, 3}).permute({0, 3, 1, 2});
  EXPECT_TRUE(close(images(x), y));
  EXPECT_TRUE(close(images.running_variance(), flat.running_variance()));
}

TEST(BatchNorm, AFarMeanCostsNoDigits) {
  BatchNorm norm(1, 1);
  const Scalar far = std::is_same_v<Scalar, double> ? 1e8 : 4096;
  const Variable y = norm(Tensor({4, 1}, {far, far + 1, far + 2, far + 3}));
  EXPECT_NEAR(norm.running_variance().at({0}), 5.0 / 3, 1e-6);
  EXPECT_NEAR(y.value().at({3, 0}), 1.5 / std::sqrt(1.25 + 1e-5), 1e-6);
}

TEST(BatchNorm, InEvaluationAnAnswerDoesNotDependOnItsNeighbours) {
  BatchNorm norm(3);
  const Tensor x = random_tensor({4, 3, 2, 2});
  norm(x);
  EXPECT_FALSE(same_bits(norm(x).value().slice(0, 0, 2), norm(x.slice(0, 0, 2)).value()));
  norm.eval();
  EXPECT_TRUE(same_bits(norm(x).value().slice(0, 0, 1), norm(x.slice(0, 0, 1)).value()));
}

TEST(BatchNorm, TheAveragesAreNoParameters) {
  const BatchNorm norm(3);
  EXPECT_EQ(names_of(norm), (std::vector<std::string>{"weight", "bias"}));
  expect_every_parameter_learns(norm, norm(random_tensor({4, 3, 2, 2})));
}

TEST(BatchNorm, SameBitsForAnyNumberOfThreads) {
  const Variable x = random_input({32, 3, 20, 20});
  const int before = thread_count();
  std::vector<Tensor> results;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const BatchNorm norm(3);
    const Variable y = norm(x);
    results.push_back(y.value());
    results.push_back(norm.running_variance());
    results.push_back(grad(y, {x}, random_tensor(y.shape(), 2))[0].value());
  }
  set_thread_count(before);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(same_bits(results[i], results[i + 3])) << i;
}

TEST(BatchNorm, RefusesWhatDoesNotFit) {
  const BatchNorm norm(3);
  EXPECT_EQ(refusal<ShapeError>([&] {
              norm(random_tensor({2, 4, 5}));
            }),
            "BatchNorm: x [B, C, ..]: expected [any, 3, ..], got [2, 4, 5]");
  EXPECT_EQ(refusal<ShapeError>([&] { norm(Tensor(Shape{3})); }),
            "BatchNorm: x [B, C, ..]: expected [any, 3, ..], got [3]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              norm(random_tensor({1, 3, 1, 1}));
            }),
            "BatchNorm: training needs two numbers or more for each channel, "
            "x [B, C, ..] is [1, 3, 1, 1]");
  EXPECT_EQ(refusal<ValueError>([] { BatchNorm(0); }),
            "BatchNorm: channels must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([] { BatchNorm(1, 2); }),
            "BatchNorm: momentum must lie in [0, 1], got 2");
}

}  // namespace
}  // namespace rapt
