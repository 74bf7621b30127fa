#include "nn/language_model.h"

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {

LanguageModel::LanguageModel(const LanguageModelOptions& options, Rng& rng)
    : embedding_(child<ScaledEmbedding>("embedding", options.vocabulary, options.stack.dim, rng)),
      dropout_(child<Dropout>("dropout", options.stack.dropout, rng)),
      encoder_(child<TransformerEncoder>("encoder", options.stack, rng)),
      head_(options.tied ? nullptr
                         : &child<Linear>("head", options.stack.dim, options.vocabulary, rng)) {}

Predicted LanguageModel::operator()(const Ids& tokens, const Mask& mask) const {
  return predict(tokens, mask, nullptr);
}

Predicted LanguageModel::predict(const Ids& tokens, const Mask& mask, Cache* past) const {
  expect_tokens("LanguageModel: tokens [B, T]", tokens, {kAny, kAny}, embedding_.weight.dim(0));
  const Index length = tokens.shape[1], before = steps_in(past);
  const Mask allowed = Mask::causal(length, before + length) & mask;
  const Encoded encoded = encoder_(dropout_(embedding_(tokens)), allowed, past);
  const Variable& y = encoded.output;
  return {head_ ? (*head_)(y) : embedding_.logits(y), encoded.weights};
}

State LanguageModel::zero_state(Index batch) const { return to_state(encoder_.nothing(batch)); }

Next LanguageModel::start(const Ids& prompt) const {
  expect_shape("LanguageModel: prompt [B, T]", prompt.shape, {kAny, kAny});
  expect_at_least("LanguageModel: tokens of the prompt", prompt.shape[1], 1);
  return go_on(prompt, encoder_.nothing(prompt.shape[0]));
}

Next LanguageModel::next(const Ids& tokens, const State& state) const {
  const Cache past = to_cache(state);
  expect_tokens("LanguageModel: tokens [B] for this state", tokens, {past[0].keys.dim(0)},
                embedding_.weight.dim(0));
  return go_on({{tokens.shape[0], 1}, tokens.values}, past);
}

Next LanguageModel::go_on(const Ids& tokens, Cache past) const {
  const Predicted predicted = predict(tokens, {}, &past);
  return {select(predicted.logits, 1, tokens.shape[1] - 1), to_state(past),
          Tensor({tokens.shape[0], 0})};
}

}  // namespace rapt::nn
