#pragma once
#include "nn/transformer.h"

namespace rapt::nn {

struct LanguageModelOptions {
  Index vocabulary = 2;  // V
  EncoderOptions stack{.positions = PositionKind::sinusoidal};
  bool tied = false;  // the matrix of the output is the embedding
};

struct Predicted {
  Variable logits;                // [B, T, V], at step t of the token at t + 1
  std::vector<Variable> weights;  // of each layer, [B, H, T, Tk]
};

// A decoder-only Transformer (Radford et al. 2018, section 3.1): with nothing to translate, the
// decoder's cross-attention falls away, and an encoder under a causal mask is left. It models
//   P(x_1 .. x_T) = prod_t P(x_t | x_1 .. x_(t-1))   [Eq 12.9]
class LanguageModel : public Module, public Stepwise {
 public:
  LanguageModel(const LanguageModelOptions& options, Rng& rng);

  // All steps at once, for training: each sees the true tokens before it (teacher forcing).
  // tokens [B, T], mask [B, T, T] beside the causal one -> logits [B, T, V]
  Predicted operator()(const Ids& tokens, const Mask& mask = {}) const;

  // Step by step: each step computes its own token alone, and finds the keys and values of those
  // before in the state. The logits are those of the whole sequence, bit for bit.
  State zero_state(Index batch) const;  // before the first token
  Next start(const Ids& prompt) const;  // prompt [B, T], read at once; the logits after its last
  Next next(const Ids& tokens, const State& state) const override;

 private:
  Predicted predict(const Ids& tokens, const Mask& mask, Cache* past) const;
  Next go_on(const Ids& tokens, Cache past) const;  // tokens [B, T]

  ScaledEmbedding& embedding_;
  Dropout& dropout_;
  TransformerEncoder& encoder_;
  Linear* head_;  // none if tied
};

}  // namespace rapt::nn
