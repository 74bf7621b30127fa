// From a sequence to one vector, by hand and with padding.
#include "nn/pooling.h"

#include <cmath>
#include <limits>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::AttentionPooling;
using nn::BagOfEmbeddings;
using Lengths = std::vector<Index>;

// Two features at three steps, in three sequences of lengths 3, 2 and 0.
const Tensor kX({3, 3, 2}, {1, -1, 4, -2, 1, -6,  //
                            2, -8, -4, -2, 9, 9,  //
                            9, 9, 9, 9, 9, 9});
const Lengths kLengths{3, 2, 0};

TEST(Pooling, MeanByHand) {
  EXPECT_TRUE(close(nn::mean_pooling(kX, kLengths), Tensor({3, 2}, {2, -3, -1, -5, 0, 0})));
  EXPECT_TRUE(close(nn::mean_pooling(kX), mean(Variable(kX), 1).value()));
}

TEST(Pooling, MaxByHand) {
  EXPECT_TRUE(close(nn::max_pooling(kX, kLengths), Tensor({3, 2}, {4, -1, 2, -2, 0, 0})));
  EXPECT_TRUE(close(nn::max_pooling(kX), max(Variable(kX), 1).value()));
}

TEST(Pooling, LastByHand) {
  EXPECT_TRUE(close(nn::last_pooling(kX, kLengths), Tensor({3, 2}, {1, -6, -4, -2, 0, 0})));
  EXPECT_TRUE(close(nn::last_pooling(kX), select(Variable(kX), 1, 2).value()));
}

// Scores tanh(x_1) q with q = 1: the weights are softmax(tanh(x_1)).
TEST(AttentionPooling, ByHand) {
  Rng rng(1);
  const AttentionPooling pooling(2, 1, rng);
  set_parameter(pooling, "query", {1});
  set_parameter(pooling, "project.weight", {1, 0});
  set_parameter(pooling, "project.bias", {0});
  const nn::Attended attended = pooling(kX, kLengths);
  EXPECT_EQ(attended.context.shape(), (Shape{3, 2}));
  EXPECT_EQ(attended.weights.shape(), (Shape{3, 3}));
  const double up = std::exp(std::tanh(2.0)), down = std::exp(std::tanh(-4.0));
  const auto first = static_cast<Scalar>(up / (up + down)), second = 1 - first;
  EXPECT_TRUE(close(slice(attended.weights, 0, 1, 3), Tensor({2, 3}, {first, second, 0, 0, 0, 0})));
  EXPECT_TRUE(close(slice(attended.context, 0, 1, 3),
                    Tensor({2, 2}, {2 * first - 4 * second, -8 * first - 2 * second, 0, 0})));
}

TEST(AttentionPooling, WithoutAQueryIsTheMean) {
  Rng rng(1);
  const AttentionPooling pooling(2, 3, rng);
  set_parameter(pooling, "query", {0, 0, 0});
  EXPECT_TRUE(close(pooling(kX, kLengths).context, nn::mean_pooling(kX, kLengths).value()));
}

TEST(AttentionPooling, EveryParameterLearns) {
  Rng rng(1);
  const AttentionPooling pooling(3, 4, rng);
  EXPECT_EQ(names_of(pooling),
            (std::vector<std::string>{"query", "project.weight", "project.bias"}));
  expect_every_parameter_learns(pooling, pooling(random_tensor({2, 5, 3}), {5, 2}).context);
  expect_every_parameter_learns(pooling, pooling(random_tensor({2, 5, 3}), {5, 2}).weights);
}

TEST(BagOfEmbeddings, IsTheMeanOfItsWordsInAnyOrder) {
  Rng rng(1);
  const BagOfEmbeddings bag(4, 2, rng);
  set_parameter(bag, "embedding.weight", {1, 2, 3, 4, 5, 6, 7, 8});
  const Variable y = bag({{3, 3}, {0, 1, 2, 3, 3, 0, 2, 0, 1}}, {3, 2, 3});
  EXPECT_TRUE(close(y, Tensor({3, 2}, {3, 4, 7, 8, 3, 4})));
  EXPECT_TRUE(close(bag({{1, 3}, {0, 1, 2}}), Tensor({1, 2}, {3, 4})));
}

TEST(BagOfEmbeddings, EveryParameterLearnsButThePadding) {
  Rng rng(1);
  const BagOfEmbeddings bag(4, 2, rng);
  expect_every_parameter_learns(bag, bag({{2, 3}, {0, 1, 2, 1, 3, 3}}, {3, 1}));
  const Tensor& gradient = bag.parameters()[0].grad();
  EXPECT_EQ(largest_magnitude(gradient.slice(0, 3, 4)), 0) << "id 3 stands in the padding alone";
}

// What stands in the padding is not read: it may be infinite, and receives no gradient.
TEST(Pooling, ThePaddingIsNotRead) {
  Tensor x = copy(kX);
  for (const Index i : {10, 11, 12, 13, 14, 15, 16, 17})
    x.data()[i] = std::numeric_limits<Scalar>::quiet_NaN();
  using Function = Variable (*)(const Variable&, const Lengths&);
  for (const Function pooling : {nn::mean_pooling, nn::max_pooling, nn::last_pooling}) {
    const Variable leaf(x, true);
    const Variable y = pooling(leaf, kLengths);
    EXPECT_TRUE(same_bits(y, pooling(kX, kLengths)));
    backward_at_random(y);
    EXPECT_EQ(largest_magnitude(leaf.grad().slice(0, 1, 2).slice(1, 2, 3)), 0);
    EXPECT_EQ(largest_magnitude(leaf.grad().slice(0, 2, 3)), 0);
    EXPECT_GT(largest_magnitude(leaf.grad().slice(0, 1, 2)), 0);
  }
}

TEST(Pooling, RefusesWhatDoesNotFit) {
  Rng rng(1);
  const AttentionPooling attention(2, 3, rng);
  const std::vector<std::function<void(const Variable&, const Lengths&)>> all{
      [](const Variable& x, const Lengths& lengths) { nn::mean_pooling(x, lengths); },
      [](const Variable& x, const Lengths& lengths) { nn::max_pooling(x, lengths); },
      [](const Variable& x, const Lengths& lengths) { nn::last_pooling(x, lengths); },
      [&](const Variable& x, const Lengths& lengths) { attention(x, lengths); }};
  for (const auto& pooling : all) {
    EXPECT_EQ(refusal<ShapeError>([&] {
                pooling(kX, {1, 2});
              }),
              "pooling: 2 lengths for x [B, T, D] of [3, 3, 2]");
    EXPECT_EQ(refusal<ValueError>([&] {
                pooling(kX, {1, 2, 4});
              }),
              "pooling: length 4 does not lie in 0 .. 3 of x [B, T, D] of [3, 3, 2]");
    EXPECT_EQ(refusal<ValueError>([&] {
                pooling(kX, {1, -1, 3});
              }),
              "pooling: length -1 does not lie in 0 .. 3 of x [B, T, D] of [3, 3, 2]");
    EXPECT_EQ(refusal<ValueError>([&] {
                pooling(Tensor({3, 0, 2}), {});
              }),
              "pooling: T must be at least 1, got 0");
  }
  EXPECT_EQ(refusal<ShapeError>([&] {
              nn::mean_pooling(Tensor({3, 2}));
            }),
            "pooling: x [B, T, D]: expected [any, any, any], got [3, 2]");
  EXPECT_EQ(refusal<ShapeError>([&] {
              attention(Tensor({3, 2, 4}));
            }),
            "AttentionPooling: x [B, T, D]: expected [any, any, 2], got [3, 2, 4]");
  EXPECT_EQ(refusal<ValueError>([&] { AttentionPooling(2, 0, rng); }),
            "AttentionPooling: attention_dim must be at least 1, got 0");
  EXPECT_EQ(refusal<ShapeError>([&] {
              BagOfEmbeddings(4, 2, rng)(Ids{{3}, {0, 1, 2}});
            }),
            "BagOfEmbeddings: ids [B, T]: expected [any, any], got [3]");
}

}  // namespace
}  // namespace rapt
