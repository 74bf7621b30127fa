#include "nn/transformer.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

TransformerEncoderLayer::TransformerEncoderLayer(const EncoderOptions& options, Rng& rng)
    : norm_(options.norm),
      activation_(options.activation),
      self_attn_(child<MultiHeadAttention>("self_attn", options.dim, options.heads, rng)),
      linear1_(child<Linear>("linear1", options.dim, options.feed_forward, rng)),
      linear2_(child<Linear>("linear2", options.feed_forward, options.dim, rng)),
      norm1_(child<LayerNorm>("norm1", options.dim)),
      norm2_(child<LayerNorm>("norm2", options.dim)),
      dropout_(child<Dropout>("dropout", options.dropout, rng)) {}

Attended TransformerEncoderLayer::operator()(const Variable& x, const Mask& mask) const {
  expect_shape("TransformerEncoderLayer: x [B, T, D]", x, {kAny, kAny, norm1_.weight.dim(0)});
  if (norm_ == NormPlace::post) {
    const Attended attended = self_attn_(x, mask);
    const Variable y = norm1_(x + dropout_(attended.context));
    return {norm2_(y + dropout_(feed_forward(y))), attended.weights};
  }
  const Attended attended = self_attn_(norm1_(x), mask);
  const Variable y = x + dropout_(attended.context);
  return {y + dropout_(feed_forward(norm2_(y))), attended.weights};
}

Variable TransformerEncoderLayer::feed_forward(const Variable& x) const {
  return linear2_(activate(activation_, linear1_(x)));
}

TransformerEncoder::TransformerEncoder(const EncoderOptions& options, Rng& rng)
    : layers_(child<List<TransformerEncoderLayer>>("layers")) {
  expect_at_least("TransformerEncoder: layers", options.layers, 1);
  for (Index i = 0; i < options.layers; ++i) layers_.add(options, rng);
  if (options.norm == NormPlace::pre) final_norm_ = &child<LayerNorm>("norm", options.dim);
}

Encoded TransformerEncoder::operator()(const Variable& x, const Mask& mask) const {
  Encoded encoded{x, {}};
  for (const TransformerEncoderLayer* layer : layers_.all()) {
    const Attended attended = (*layer)(encoded.output, mask);
    encoded.output = attended.context;
    encoded.weights.push_back(attended.weights);
  }
  if (final_norm_) encoded.output = (*final_norm_)(encoded.output);
  return encoded;
}

}  // namespace rapt::nn
