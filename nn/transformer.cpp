#include "nn/transformer.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

std::unique_ptr<Positions> positions_of(const EncoderOptions& options, Rng& rng) {
  return make_positions(options.positions, options.longest, options.dim, options.heads, rng);
}

void expect_layers(const char* what, const Cache* cache, std::size_t layers) {
  if (cache && cache->size() != layers)
    throw ValueError(
        message(what, ": expected a cache of ", layers, " layers, got ", cache->size()));
}

template <class Layer>
Cache nothing_of(const List<Layer>& layers, Index batch) {
  Cache cache;
  for (const Layer* layer : layers.all()) cache.push_back(layer->nothing(batch));
  return cache;
}

}  // namespace

Index steps_in(const Cache* past) { return past && !past->empty() ? past->front().keys.dim(2) : 0; }

State to_state(const Cache& cache) {
  State state;
  for (const KeysValues& layer : cache) {
    state.push_back(layer.keys);
    state.push_back(layer.values);
  }
  return state;
}

Cache to_cache(const State& state) {
  if (state.empty() || state.size() % 2 != 0)
    throw ValueError(
        message("to_cache: expected pairs of keys and values, got ", state.size(), " tensors"));
  Cache cache;
  for (std::size_t i = 0; i < state.size(); i += 2) cache.push_back({state[i], state[i + 1]});
  return cache;
}

TransformerEncoderLayer::TransformerEncoderLayer(const EncoderOptions& options, Rng& rng)
    : activation_(options.activation),
      self_attn_(
          child<MultiHeadAttention>("self_attn", options.dim, options.heads, rng, options.weights)),
      linear1_(child<Linear>("linear1", options.dim, options.feed_forward, rng)),
      linear2_(child<Linear>("linear2", options.feed_forward, options.dim, rng)),
      dropout_(child<Dropout>("dropout", options.dropout, rng)),
      norm1_(child<AddNorm>("norm1", options.dim, options.norm, dropout_)),
      norm2_(child<AddNorm>("norm2", options.dim, options.norm, dropout_)) {}

Attended TransformerEncoderLayer::operator()(const Variable& x, const Mask& mask,
                                             const Positions& positions, KeysValues* past) const {
  expect_shape("TransformerEncoderLayer: x [B, T, D]", x, {kAny, kAny, norm1_.weight.dim(0)});
  const Attended attended = self_attn_(norm1_.input(x), mask, positions, past);
  const Variable y = norm1_.output(x, attended.context);
  const Variable inferred = feed_forward(linear1_, activation_, linear2_, norm2_.input(y));
  return {norm2_.output(y, inferred), attended.weights};
}

TransformerEncoder::TransformerEncoder(const EncoderOptions& options, Rng& rng)
    : positions_(adopt("positions", positions_of(options, rng))),
      layers_(child<List<TransformerEncoderLayer>>("layers")) {
  expect_at_least("TransformerEncoder: layers", options.layers, 1);
  for (Index i = 0; i < options.layers; ++i) layers_.add(options, rng);
  if (options.norm == NormPlace::pre) final_norm_ = &child<LayerNorm>("norm", options.dim);
}

Encoded TransformerEncoder::operator()(const Variable& x, const Mask& mask, Cache* past) const {
  const std::vector<TransformerEncoderLayer*>& layers = layers_.all();
  expect_layers("TransformerEncoder: past", past, layers.size());
  Encoded encoded{positions_(x, steps_in(past)), {}};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    KeysValues* known = past ? &(*past)[i] : nullptr;
    const Attended attended = (*layers[i])(encoded.output, mask, positions_, known);
    encoded.output = attended.context;
    encoded.weights.push_back(attended.weights);
  }
  if (final_norm_) encoded.output = (*final_norm_)(encoded.output);
  return encoded;
}

Cache TransformerEncoder::nothing(Index batch) const { return nothing_of(layers_, batch); }

TransformerDecoderLayer::TransformerDecoderLayer(const DecoderOptions& options, Rng& rng)
    : activation_(options.activation),
      self_attn_(
          child<MultiHeadAttention>("self_attn", options.dim, options.heads, rng, options.weights)),
      cross_attn_(child<MultiHeadAttention>("cross_attn", options.dim, options.heads, rng,
                                            options.weights)),
      linear1_(child<Linear>("linear1", options.dim, options.feed_forward, rng)),
      linear2_(child<Linear>("linear2", options.feed_forward, options.dim, rng)),
      dropout_(child<Dropout>("dropout", options.dropout, rng)),
      norm1_(child<AddNorm>("norm1", options.dim, options.norm, dropout_)),
      norm2_(child<AddNorm>("norm2", options.dim, options.norm, dropout_)),
      norm3_(child<AddNorm>("norm3", options.dim, options.norm, dropout_)) {}

AttendedTwice TransformerDecoderLayer::operator()(const Variable& x, const KeysValues& source,
                                                  const Mask& mask, const Mask& source_mask,
                                                  const Positions& positions,
                                                  KeysValues* past) const {
  expect_shape("TransformerDecoderLayer: x [B, T, D]", x, {kAny, kAny, norm1_.weight.dim(0)});
  const Attended own = self_attn_(norm1_.input(x), mask, positions, past);
  const Variable y = norm1_.output(x, own.context);
  const Attended found = cross_attn_.ask(norm2_.input(y), source, source_mask);
  const Variable z = norm2_.output(y, found.context);
  const Variable inferred = feed_forward(linear1_, activation_, linear2_, norm3_.input(z));
  return {norm3_.output(z, inferred), own.weights, found.weights};
}

TransformerDecoder::TransformerDecoder(const DecoderOptions& options, Rng& rng)
    : positions_(adopt("positions", positions_of(options, rng))),
      layers_(child<List<TransformerDecoderLayer>>("layers")) {
  expect_at_least("TransformerDecoder: layers", options.layers, 1);
  for (Index i = 0; i < options.layers; ++i) layers_.add(options, rng);
  if (options.norm == NormPlace::pre) final_norm_ = &child<LayerNorm>("norm", options.dim);
}

Cache TransformerDecoder::read(const Variable& source) const {
  Cache known;
  for (const TransformerDecoderLayer* layer : layers_.all()) known.push_back(layer->read(source));
  return known;
}

DecoderOutput TransformerDecoder::operator()(const Variable& x, const Cache& source,
                                             const Mask& mask, const Mask& source_mask,
                                             Cache* past) const {
  expect_shape("TransformerDecoder: x [B, T, D]", x, {kAny, kAny, kAny});
  const std::vector<TransformerDecoderLayer*>& layers = layers_.all();
  expect_layers("TransformerDecoder: source", &source, layers.size());
  expect_layers("TransformerDecoder: past", past, layers.size());
  const Index first = steps_in(past);
  const Mask allowed = Mask::causal(x.dim(1), first + x.dim(1)) & mask;
  DecoderOutput decoded{positions_(x, first), {}, {}};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    KeysValues* known = past ? &(*past)[i] : nullptr;
    const AttendedTwice step =
        (*layers[i])(decoded.output, source[i], allowed, source_mask, positions_, known);
    decoded.output = step.context;
    decoded.weights.push_back(step.weights);
    decoded.source_weights.push_back(step.source_weights);
  }
  if (final_norm_) decoded.output = (*final_norm_)(decoded.output);
  return decoded;
}

Cache TransformerDecoder::nothing(Index batch) const { return nothing_of(layers_, batch); }

Transformer::Transformer(const TransformerOptions& options, Rng& rng)
    : source_embedding_(child<ScaledEmbedding>(options.shared ? "embedding" : "source_embedding",
                                               options.source_vocabulary, options.stack.dim, rng)),
      target_embedding_(options.shared
                            ? source_embedding_
                            : child<ScaledEmbedding>("target_embedding", options.target_vocabulary,
                                                     options.stack.dim, rng)),
      dropout_(child<Dropout>("dropout", options.stack.dropout, rng)),
      encoder_(child<TransformerEncoder>("encoder", options.stack, rng)),
      decoder_(child<TransformerDecoder>("decoder", options.stack, rng)),
      head_(options.tied
                ? nullptr
                : &child<Linear>("head", options.stack.dim, options.target_vocabulary, rng)) {
  if (options.shared && options.source_vocabulary != options.target_vocabulary)
    throw ValueError(message("Transformer: a shared embedding needs one vocabulary, got ",
                             options.source_vocabulary, " and ", options.target_vocabulary));
}

Translated Transformer::operator()(const Ids& source, const Ids& target,
                                   const Mask& source_mask) const {
  const Encoded encoded = encode(source, source_mask);
  expect_tokens("Transformer: target [B, T] for this source", target, {source.shape[0], kAny},
                target_embedding_.weight.dim(0));
  const Variable x = dropout_(target_embedding_(target));
  const DecoderOutput decoded = decoder_(x, decoder_.read(encoded.output), {}, source_mask);
  return {logits(decoded.output), decoded.weights, decoded.source_weights, encoded.weights};
}

// What travels in the state: the source mask, then for each layer the keys and values of the
// target so far, then those of the source.
State Transformer::start(const Ids& source, const Mask& source_mask) const {
  const Encoded encoded = encode(source, source_mask);
  const Index batch = source.shape[0], length = source.shape[1];
  const Shape one_row{batch, 1, length};
  State state{source_mask.against(one_row).expand(one_row).contiguous()};
  for (const Cache& past : {decoder_.nothing(batch), decoder_.read(encoded.output)})
    for (const Variable& part : to_state(past)) state.push_back(part);
  return state;
}

Next Transformer::next(const Ids& tokens, const State& state) const {
  if (state.size() < 5 || state.size() % 4 != 1)
    throw ValueError(
        message("Transformer: expected a state of start() or next(), a mask and four "
                "tensors for each layer, got ",
                state.size(), " tensors"));
  expect_tokens("Transformer: tokens [B] for this state", tokens, {state[0].dim(0)},
                target_embedding_.weight.dim(0));
  const auto middle = state.begin() + 1 + static_cast<std::ptrdiff_t>(state.size() / 2);
  Cache past = to_cache({state.begin() + 1, middle});
  const Cache source = to_cache({middle, state.end()});
  const Mask source_mask(state[0].value());
  const Variable x = target_embedding_({{tokens.shape[0], 1}, tokens.values});
  const DecoderOutput decoded = decoder_(dropout_(x), source, {}, source_mask, &past);
  State after{state[0]};
  for (const Cache& part : {past, source})
    for (const Variable& tensor : to_state(part)) after.push_back(tensor);
  return {select(logits(decoded.output), 1, 0), after,
          select(mean(decoded.source_weights.back(), 1), 1, 0)};
}

Encoded Transformer::encode(const Ids& source, const Mask& source_mask) const {
  expect_tokens("Transformer: source [B, S]", source, {kAny, kAny},
                source_embedding_.weight.dim(0));
  return encoder_(dropout_(source_embedding_(source)), source_mask);
}

Variable Transformer::logits(const Variable& y) const {
  return head_ ? (*head_)(y) : target_embedding_.logits(y);
}

}  // namespace rapt::nn
