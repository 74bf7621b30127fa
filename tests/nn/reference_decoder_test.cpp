// The decoder layer, and encoder and decoder together, against results of PyTorch.
#include "nn/transformer.h"
#include "tests/reference/reference.h"

namespace rapt {
namespace {

using nn::Mask;
using nn::NormPlace;

nn::EncoderOptions small(NormPlace norm, nn::Activation activation) {
  return {
      .dim = 6, .heads = 2, .feed_forward = 5, .layers = 1, .norm = norm, .activation = activation};
}

void expect_layer_matches(const std::string& name, const nn::DecoderOptions& options) {
  const Reference stored(name);
  Rng rng(1);
  const nn::TransformerDecoderLayer layer(options, rng);
  stored.load_into(layer);
  const Variable x = stored.input("x");
  const Variable source = stored.input("source");
  const nn::AttendedTwice attended =
      layer(x, layer.read(source), Mask(stored["option/mask"]), Mask(stored["option/source_mask"]));
  stored.expect_matches({{"y", attended.context}}, {{"x", x}, {"source", source}}, layer);
}

TEST(PyTorch, DecoderLayerPostNormRelu) {
  expect_layer_matches("decoder_layer_post_relu", small(NormPlace::post, nn::Activation::relu));
}

TEST(PyTorch, DecoderLayerPreNormGelu) {
  expect_layer_matches("decoder_layer_pre_gelu", small(NormPlace::pre, nn::Activation::gelu));
}

struct Stacks : nn::Module {
  Stacks(const nn::EncoderOptions& options, Rng& rng)
      : encoder(child<nn::TransformerEncoder>("encoder", options, rng)),
        decoder(child<nn::TransformerDecoder>("decoder", options, rng)) {}

  nn::TransformerEncoder& encoder;
  nn::TransformerDecoder& decoder;
};

TEST(PyTorch, EncoderAndDecoder) {
  const Reference stored("encoder_decoder");
  Rng rng(1);
  const Stacks both(small(NormPlace::pre, nn::Activation::relu), rng);
  stored.load_into(both);
  const Variable source = stored.input("source");
  const Variable target = stored.input("target");
  const Mask padding(stored["option/source_mask"]);
  const Variable read = both.encoder(source, padding).output;
  const Variable y = both.decoder(target, both.decoder.read(read), {}, padding).output;
  stored.expect_matches({{"y", y}}, {{"source", source}, {"target", target}}, both);
}

}  // namespace
}  // namespace rapt
