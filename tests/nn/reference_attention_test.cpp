// Attention and the encoder layer against results of PyTorch (tests/reference).
#include "nn/attention.h"
#include "nn/transformer.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

class PyTorchAttention : public testing::TestWithParam<const char*> {};

TEST_P(PyTorchAttention, MultiHeadAttention) {
  const Reference stored(std::string("attention_") + GetParam());
  Rng rng(1);
  const nn::MultiHeadAttention attention(6, 2, rng);
  stored.load_into(attention);
  const Variable x = stored.input("x");
  const nn::Attended attended = attention(x, nn::Mask(stored["option/mask"]));
  stored.expect_matches({{"context", attended.context}, {"weights", attended.weights}}, {{"x", x}},
                        attention);
}

INSTANTIATE_TEST_SUITE_P(Masks, PyTorchAttention,
                         testing::Values("self", "causal", "padding", "causal_padding"),
                         [](const auto& info) { return std::string(info.param); });

TEST(PyTorch, CrossAttention) {
  const Reference stored("attention_cross");
  Rng rng(1);
  const nn::MultiHeadAttention attention(6, 3, rng);
  stored.load_into(attention);
  const Variable target = stored.input("target");
  const Variable source = stored.input("source");
  const nn::Attended attended = attention(target, source);
  stored.expect_matches({{"context", attended.context}, {"weights", attended.weights}},
                        {{"target", target}, {"source", source}}, attention);
}

struct LayerCase {
  const char* name;
  nn::NormPlace norm;
  nn::Activation activation;
};

// For failure messages: an unnamed row would be printed as bytes.
void PrintTo(const LayerCase& row, std::ostream* out) { *out << row.name; }

class PyTorchEncoderLayer : public testing::TestWithParam<LayerCase> {};

TEST_P(PyTorchEncoderLayer, TransformerEncoderLayer) {
  const LayerCase& layer_case = GetParam();
  const Reference stored(std::string("encoder_layer_") + layer_case.name);
  nn::EncoderOptions options;
  options.dim = 6;
  options.heads = 2;
  options.feed_forward = 8;
  options.norm = layer_case.norm;
  options.activation = layer_case.activation;
  Rng rng(1);
  const nn::TransformerEncoderLayer layer(options, rng);
  stored.load_into(layer);
  const Variable x = stored.input("x");
  const nn::Attended attended = layer(x, nn::Mask(stored["option/mask"]));
  stored.expect_matches({{"y", attended.context}}, {{"x", x}}, layer);
}

INSTANTIATE_TEST_SUITE_P(
    Layers, PyTorchEncoderLayer,
    testing::Values(LayerCase{"post_relu", nn::NormPlace::post, nn::Activation::relu},
                    LayerCase{"post_gelu", nn::NormPlace::post, nn::Activation::gelu},
                    LayerCase{"pre_relu", nn::NormPlace::pre, nn::Activation::relu},
                    LayerCase{"pre_gelu", nn::NormPlace::pre, nn::Activation::gelu}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
