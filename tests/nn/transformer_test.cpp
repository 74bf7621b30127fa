// TransformerEncoderLayer and TransformerEncoder, with both places of the norm.
#include "nn/transformer.h"

#include <cmath>

#include "tests/nn/module_checks.h"

namespace rapt {
namespace {

using nn::EncoderOptions;
using nn::NormPlace;
using nn::TransformerEncoder;
using nn::TransformerEncoderLayer;

using Names = std::vector<std::string>;

EncoderOptions small(NormPlace norm, Scalar dropout = 0) {
  EncoderOptions options;
  options.dim = 4;
  options.heads = 2;
  options.feed_forward = 6;
  options.layers = 2;
  options.norm = norm;
  options.dropout = dropout;
  return options;
}

// Without any weight but those of the norms, only the residual path remains.
void silence(const nn::Module& module) {
  for (const NamedVariable& p : module.named_parameters())
    if (p.name.find("norm") == std::string::npos)
      set_parameter(module, p.name, std::vector<Scalar>(p.variable.value().size(), 0));
}

TEST(EncoderLayer, PreNormLeavesTheResidualPathAlone) {
  Rng rng(1);
  const TransformerEncoderLayer layer(small(NormPlace::pre), rng);
  silence(layer);
  const Variable x = random_tensor({2, 3, 4});
  EXPECT_TRUE(close(layer(x).context, x.value()));
}

TEST(EncoderLayer, PostNormNormalizesTheResidualPath) {
  Rng rng(1);
  const TransformerEncoderLayer layer(small(NormPlace::post), rng);
  silence(layer);
  const auto root = [](double variance) { return std::sqrt(variance + 1e-5); };
  // The row has mean 5 and variance 4, so the first norm gives +-2 / root(4), the second the rest.
  const double once = 2 / root(4), twice = once / root(once * once);
  const auto y = static_cast<Scalar>(twice);
  EXPECT_TRUE(
      close(layer(Tensor({1, 1, 4}, {3, 7, 7, 3})).context, Tensor({1, 1, 4}, {-y, y, y, -y})));
}

TEST(EncoderLayer, TheFeedForwardPartByHand) {
  EncoderOptions options = small(NormPlace::pre);
  options.dim = 2;
  options.heads = 1;
  options.feed_forward = 2;
  Rng rng(1);
  const TransformerEncoderLayer layer(options, rng);
  silence(layer);
  set_parameter(layer, "linear1.weight", {1, 0, 0, 1});
  set_parameter(layer, "linear2.weight", {10, 20, 30, 40});
  set_parameter(layer, "linear2.bias", {1, 2});
  // norm(1, 3) is (-u, u) with u just below 1; relu keeps (0, u).
  const auto u = static_cast<Scalar>(1 / std::sqrt(1 + 1e-5));
  EXPECT_TRUE(close(layer(Tensor({1, 1, 2}, {1, 3})).context,
                    Tensor({1, 1, 2}, {1 + 20 * u + 1, 3 + 40 * u + 2})));
}

TEST(EncoderLayer, NamesOfParameters) {
  Rng rng(1);
  EXPECT_EQ(names_of(TransformerEncoderLayer(small(NormPlace::post), rng)),
            (Names{"self_attn.query.weight", "self_attn.query.bias", "self_attn.key.weight",
                   "self_attn.key.bias", "self_attn.value.weight", "self_attn.value.bias",
                   "self_attn.output.weight", "self_attn.output.bias", "linear1.weight",
                   "linear1.bias", "linear2.weight", "linear2.bias", "norm1.weight", "norm1.bias",
                   "norm2.weight", "norm2.bias"}));
}

TEST(Encoder, NamesOfParameters) {
  Rng rng(1);
  const Names pre = names_of(TransformerEncoder(small(NormPlace::pre), rng));
  const Names post = names_of(TransformerEncoder(small(NormPlace::post), rng));
  ASSERT_EQ(pre.size(), 2u * 16 + 2);
  EXPECT_EQ(pre[0], "layers.0.self_attn.query.weight");
  EXPECT_EQ(pre[16], "layers.1.self_attn.query.weight");
  EXPECT_EQ(pre[32], "norm.weight");
  EXPECT_EQ(pre[33], "norm.bias");
  EXPECT_EQ(post, Names(pre.begin(), pre.end() - 2)) << "post-norm has no norm at the end";
}

TEST(Encoder, CountsItsParameters) {
  Rng rng(1);
  const Index attention = 4 * (4 * 4 + 4), feed_forward = (6 * 4 + 6) + (4 * 6 + 4), norm = 8;
  EXPECT_EQ(TransformerEncoder(small(NormPlace::pre), rng).parameter_count(),
            2 * (attention + feed_forward + 2 * norm) + norm);
}

TEST(Encoder, IsItsLayersOneAfterTheOther) {
  Rng rng(1), same(1);
  const TransformerEncoder encoder(small(NormPlace::post), rng);
  const TransformerEncoderLayer first(small(NormPlace::post), same);
  const TransformerEncoderLayer second(small(NormPlace::post), same);
  const Variable x = random_tensor({2, 3, 4});
  const nn::Encoded encoded = encoder(x);
  const nn::Attended one = first(x), two = second(one.context);
  EXPECT_TRUE(same_bits(encoded.output, two.context));
  ASSERT_EQ(encoded.weights.size(), 2u);
  EXPECT_TRUE(same_bits(encoded.weights[0], one.weights));
  EXPECT_TRUE(same_bits(encoded.weights[1], two.weights));
}

class EncoderNorms : public testing::TestWithParam<NormPlace> {};

TEST_P(EncoderNorms, Shapes) {
  Rng rng(1);
  const TransformerEncoder encoder(small(GetParam()), rng);
  const nn::Encoded encoded = encoder(random_tensor({2, 3, 4}));
  EXPECT_EQ(encoded.output.shape(), (Shape{2, 3, 4}));
  for (const Variable& weights : encoded.weights) {
    EXPECT_EQ(weights.shape(), (Shape{2, 2, 3, 3}));
    EXPECT_TRUE(close(sum(weights, -1), Tensor({2, 2, 3}, 1)));
  }
}

TEST_P(EncoderNorms, TheOutputIsNormalized) {
  Rng rng(1);
  const TransformerEncoder encoder(small(GetParam()), rng);
  const Variable y = encoder(random_tensor({2, 3, 4})).output;
  EXPECT_TRUE(close(mean(y, -1).value(), Tensor({2, 3}), 1e-5));
  EXPECT_TRUE(close(mean(y * y, -1).value(), Tensor({2, 3}, 1), 1e-3));
}

TEST_P(EncoderNorms, EveryParameterLearns) {
  Rng rng(1);
  const TransformerEncoder encoder(small(GetParam()), rng);
  expect_every_parameter_learns(encoder, encoder(random_tensor({2, 5, 4})).output,
                                {"layers.0.self_attn.key.bias", "layers.1.self_attn.key.bias"});
}

TEST_P(EncoderNorms, DropoutDrawsInTrainingOnly) {
  Rng rng(1), same(1), plain(1);
  TransformerEncoder encoder(small(GetParam(), Scalar(0.5)), rng);
  TransformerEncoder twin(small(GetParam(), Scalar(0.5)), same);
  const TransformerEncoder without(small(GetParam()), plain);
  const Variable x = random_tensor({2, 3, 4});
  const Variable first = encoder(x).output;
  EXPECT_FALSE(same_bits(first, encoder(x).output));
  EXPECT_TRUE(same_bits(first, twin(x).output));
  encoder.eval();
  EXPECT_TRUE(same_bits(encoder(x).output, without(x).output));
}

TEST_P(EncoderNorms, SameSeedSameBits) {
  Rng one(3), same(3);
  const TransformerEncoder a(small(GetParam()), one), b(small(GetParam()), same);
  expect_same_parameters(a, b);
  const Variable x = random_tensor({2, 3, 4});
  EXPECT_TRUE(same_bits(a(x).output, b(x).output));
}

TEST_P(EncoderNorms, RefusesOtherShapes) {
  Rng rng(1);
  const TransformerEncoder encoder(small(GetParam()), rng);
  EXPECT_EQ(refusal<ShapeError>([&] {
              encoder(random_tensor({2, 3, 5}));
            }),
            "TransformerEncoderLayer: x [B, T, D]: expected [any, any, 4], got [2, 3, 5]");
}

INSTANTIATE_TEST_SUITE_P(Both, EncoderNorms, testing::Values(NormPlace::pre, NormPlace::post),
                         [](const auto& info) {
                           return std::string(info.param == NormPlace::pre ? "pre" : "post");
                         });

TEST(Encoder, RefusesOptionsThatMakeNoEncoder) {
  Rng rng(1);
  const auto words = [&](auto change) {
    EncoderOptions options = small(NormPlace::pre);
    change(options);
    return refusal<ValueError>([&] { TransformerEncoder(options, rng); });
  };
  EXPECT_EQ(words([](EncoderOptions& o) { o.layers = 0; }),
            "TransformerEncoder: layers must be at least 1, got 0");
  EXPECT_EQ(words([](EncoderOptions& o) { o.heads = 3; }),
            "MultiHeadAttention: 3 heads do not divide 4 features");
  EXPECT_EQ(words([](EncoderOptions& o) { o.dropout = 1; }),
            "Dropout: probability must lie in [0, 1), got 1");
}

}  // namespace
}  // namespace rapt
