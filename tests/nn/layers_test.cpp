// Linear, Embedding, LayerNorm, the activations, and the words in which layers refuse shapes.
#include <cmath>

#include "nn/activation.h"
#include "nn/embedding.h"
#include "nn/expect.h"
#include "nn/layer_norm.h"
#include "nn/linear.h"
#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

TEST(ScaledEmbedding, IsReadTimesTheRootOfItsFeatures) {
  Rng rng(1);
  const nn::ScaledEmbedding table(2, 4, rng);
  set_parameter(table, "weight", {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_TRUE(close(table(Ids{{1, 2}, {1, 0}}), Tensor({1, 2, 4}, {10, 12, 14, 16, 2, 4, 6, 8})));
  EXPECT_TRUE(close(table.logits(Tensor({1, 4}, {1, 0, 0, -1})), Tensor({1, 2}, {-3, -3})));
  EXPECT_EQ(refusal<ShapeError>([&] {
              table.logits(random_tensor({2, 3}));
            }),
            "Embedding: logits of x [.., N, D]: expected [.., any, 4], got [2, 3]");
}

TEST(ScaledEmbedding, RowsStartAboutOneLong) {
  Rng rng(1);
  const Variable weight = nn::ScaledEmbedding(50, 64, rng).weight;
  EXPECT_NEAR(mean(sum(weight * weight, -1)).item(), 1, 0.05);
}

TEST(Expect, ShapesInTheLettersOfTheSignature) {
  const auto words = [](const Shape& got, const Shape& expected) {
    return refusal<ShapeError>([&] { nn::expect_shape("layer: x", got, expected); });
  };
  EXPECT_EQ(words({2, 3}, {nn::kFront, 4}), "layer: x: expected [.., 4], got [2, 3]");
  EXPECT_EQ(words({}, {nn::kFront, 4}), "layer: x: expected [.., 4], got []");
  EXPECT_EQ(words({4}, {nn::kAny, 4}), "layer: x: expected [any, 4], got [4]");
  EXPECT_EQ(words({2, 2, 4}, {2, 4}), "layer: x: expected [2, 4], got [2, 2, 4]");
  EXPECT_EQ(words({2, 3}, {}), "layer: x: expected [], got [2, 3]");
  EXPECT_NO_THROW(nn::expect_shape("layer: x", Shape{4}, {nn::kFront, 4}));
  EXPECT_NO_THROW(nn::expect_shape("layer: x", Shape{1, 2, 4}, {nn::kFront, nn::kAny, 4}));
}

TEST(Expect, NumbersInTheirRange) {
  EXPECT_EQ(refusal<ValueError>([] { nn::expect_at_least("layer: heads", 0, 1); }),
            "layer: heads must be at least 1, got 0");
  EXPECT_EQ(refusal<ValueError>([] { nn::expect_probability("layer: p", 1); }),
            "layer: p must lie in [0, 1), got 1");
  EXPECT_EQ(refusal<ValueError>([] { nn::expect_probability("layer: p", -0.5); }),
            "layer: p must lie in [0, 1), got -0.5");
  EXPECT_EQ(refusal<ValueError>([] { nn::expect_probability("layer: p", std::nan("")); }),
            "layer: p must lie in [0, 1), got nan");
  EXPECT_NO_THROW(nn::expect_probability("layer: p", 0));
  EXPECT_NO_THROW(nn::expect_at_least("layer: heads", 1, 1));
}

TEST(Linear, MultipliesByTheTransposedWeightAndAddsTheBias) {
  Rng rng(1);
  const nn::Linear linear(2, 3, rng);
  set_parameter(linear, "weight", {1, 2, 3, 4, 5, 6});
  set_parameter(linear, "bias", {0.5, 0, -1});
  EXPECT_TRUE(close(linear(Tensor({1, 2}, {10, 1})), Tensor({1, 3}, {12.5, 34, 55})));
}

TEST(Linear, KeepsTheAxesInFront) {
  Rng rng(1);
  const nn::Linear linear(4, 5, rng);
  EXPECT_EQ(linear(random_tensor({2, 4})).shape(), (Shape{2, 5}));
  EXPECT_EQ(linear(random_tensor({2, 3, 4})).shape(), (Shape{2, 3, 5}));
}

TEST(Linear, StartsWithinOneOverTheRootOfItsInputs) {
  Rng rng(1);
  const nn::Linear linear(16, 100, rng);
  for (const NamedVariable& p : linear.named_parameters()) {
    EXPECT_LE(largest_magnitude(p.variable.value()), 0.25) << p.name;
    EXPECT_GT(largest_magnitude(p.variable.value()), 0.24) << p.name;
  }
}

TEST(Linear, EveryParameterLearns) {
  Rng rng(1);
  const nn::Linear linear(4, 5, rng);
  expect_every_parameter_learns(linear, linear(random_tensor({2, 3, 4})));
}

TEST(Linear, RefusesAnotherNumberOfFeatures) {
  Rng rng(1);
  const nn::Linear linear(4, 5, rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              linear(random_tensor({2, 3}));
            }),
            "Linear: x [.., N, in]: expected [.., any, 4], got [2, 3]");
  EXPECT_EQ(refusal<ShapeError>([&] { linear(Variable(1)); }),
            "Linear: x [.., N, in]: expected [.., any, 4], got []");
  EXPECT_EQ(refusal<ShapeError>([&] { linear(Tensor({4})); }),
            "Linear: x [.., N, in]: expected [.., any, 4], got [4]");
  EXPECT_EQ(refusal<ValueError>([&] { nn::Linear(0, 3, rng); }),
            "Linear: in must be at least 1, got 0");
}

TEST(Linear, SameSeedSameBits) {
  Rng one(3), same(3), other(4);
  const nn::Linear a(4, 5, one), b(4, 5, same), c(4, 5, other);
  expect_same_parameters(a, b);
  EXPECT_FALSE(same_bits(a.weight, c.weight));
}

TEST(Embedding, ReadsRowsOfTheTable) {
  Rng rng(1);
  const nn::Embedding table(3, 2, rng);
  set_parameter(table, "weight", {1, 2, 3, 4, 5, 6});
  const Variable y = table(Ids{{2, 2}, {2, 0, 1, 2}});
  EXPECT_TRUE(same_bits(y, Tensor({2, 2, 2}, {5, 6, 1, 2, 3, 4, 5, 6})));
}

TEST(Embedding, RowsThatAreReadTwiceAddTheirGradients) {
  Rng rng(1);
  const nn::Embedding table(3, 2, rng);
  backward(sum(table(Ids{{3}, {2, 0, 2}})));
  EXPECT_TRUE(same_bits(table.weight.grad(), Tensor({3, 2}, {1, 1, 0, 0, 2, 2})));
}

TEST(Embedding, EveryParameterLearns) {
  Rng rng(1);
  const nn::Embedding table(3, 2, rng);
  expect_every_parameter_learns(table, table(Ids{{3}, {2, 0, 1}}));
}

TEST(Embedding, StartsFromAStandardNormal) {
  Rng rng(1);
  const nn::Embedding table(100, 100, rng);
  double total = 0, squares = 0;
  for (const Scalar v : table.weight.value().values()) {
    total += v;
    squares += double(v) * v;
  }
  EXPECT_NEAR(total / 1e4, 0, 0.04);
  EXPECT_NEAR(squares / 1e4, 1, 0.06);
}

TEST(Embedding, RefusesIdsOutsideTheTable) {
  Rng rng(1);
  const nn::Embedding table(3, 2, rng);
  EXPECT_EQ(refusal<IndexError>([&] {
              table(Ids{{2}, {0, 3}});
            }),
            "embedding: id 3 is outside 0 .. 2 of [3, 2]");
  EXPECT_EQ(refusal<IndexError>([&] {
              table(Ids{{1}, {-1}});
            }),
            "embedding: id -1 is outside 0 .. 2 of [3, 2]");
}

TEST(Embedding, SameSeedSameBits) {
  Rng one(3), same(3);
  expect_same_parameters(nn::Embedding(4, 5, one), nn::Embedding(4, 5, same));
}

TEST(LayerNorm, BringsEachRowToMeanZeroAndVarianceOne) {
  const nn::LayerNorm norm(4, 0);
  const Tensor x({2, 4}, {1, 1, 3, 3, 10, 30, 30, 10});
  EXPECT_TRUE(close(norm(x), Tensor({2, 4}, {-1, -1, 1, 1, -1, 1, 1, -1})));
}

TEST(LayerNorm, ScalesAndShifts) {
  const nn::LayerNorm norm(2, 0);
  set_parameter(norm, "weight", {2, 3});
  set_parameter(norm, "bias", {10, 20});
  EXPECT_TRUE(close(norm(Tensor({1, 2}, {5, 7})), Tensor({1, 2}, {8, 23})));
}

TEST(LayerNorm, ConstantRowsGiveTheBiasAndAFiniteGradient) {
  const nn::LayerNorm norm(3);
  set_parameter(norm, "bias", {1, 2, 3});
  const Variable x(Tensor({1, 3}, 5), true);
  const Variable y = norm(x);
  EXPECT_TRUE(close(y, Tensor({1, 3}, {1, 2, 3})));
  backward_at_random(y);
  EXPECT_TRUE(std::isfinite(largest_magnitude(x.grad())));
}

TEST(LayerNorm, EveryParameterLearns) {
  const nn::LayerNorm norm(4);
  expect_every_parameter_learns(norm, norm(random_tensor({2, 3, 4})));
}

TEST(LayerNorm, RefusesAnotherNumberOfFeatures) {
  EXPECT_EQ(refusal<ShapeError>([] {
              nn::LayerNorm(4)(random_tensor({4, 3}));
            }),
            "LayerNorm: x [.., D]: expected [.., 4], got [4, 3]");
  EXPECT_EQ(refusal<ValueError>([] { nn::LayerNorm(0); }),
            "LayerNorm: dim must be at least 1, got 0");
}

struct ActivationRow {
  const char* name;
  nn::Activation activation;
  std::vector<Scalar> at;  // the values at -2, 0, 1
};

void PrintTo(const ActivationRow& row, std::ostream* out) { *out << row.name; }

class Activations : public testing::TestWithParam<ActivationRow> {};

TEST_P(Activations, ValuesByHand) {
  const Tensor x({3}, {-2, 0, 1});
  EXPECT_TRUE(
      close(nn::activate(GetParam().activation, x).value(), Tensor({3}, GetParam().at), 1e-6));
}

INSTANTIATE_TEST_SUITE_P(
    All, Activations,
    testing::Values(
        ActivationRow{"relu", nn::Activation::relu, {0, 0, 1}},
        ActivationRow{"gelu", nn::Activation::gelu, {Scalar(-0.0455003), 0, Scalar(0.8413447)}},
        ActivationRow{"tanh", nn::Activation::tanh, {Scalar(-0.9640276), 0, Scalar(0.7615942)}},
        ActivationRow{"sigmoid",
                      nn::Activation::sigmoid,
                      {Scalar(0.1192029), Scalar(0.5), Scalar(0.7310586)}},
        ActivationRow{"identity", nn::Activation::identity, {-2, 0, 1}}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
