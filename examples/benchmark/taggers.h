#pragma once
#include "nn/embedding.h"
#include "nn/recurrent.h"
#include "nn/transformer.h"

// The models of the benchmark: each reads tokens [B, T] and gives logits [B, T, V].
namespace rapt::benchmark {

// Embedding, learned positions, pre-norm layers of a Transformer encoder, and a linear head.
class EncoderTagger : public nn::Module {
 public:
  EncoderTagger(Index vocabulary, Index longest, const nn::EncoderOptions& options, Rng& rng);
  Variable operator()(const Ids& tokens) const;

 private:
  nn::Embedding& embedding_;
  Variable positions_;  // [T, D]
  nn::List<nn::TransformerEncoderLayer>& layers_;
  nn::Linear& head_;
};

// Embedding, one recurrent layer, and a linear head on every step.
class RecurrentTagger : public nn::Module {
 public:
  RecurrentTagger(Index vocabulary, const nn::RecurrentOptions& options, Rng& rng);
  Variable operator()(const Ids& tokens) const;

 private:
  nn::Embedding& embedding_;
  nn::Recurrent& recurrent_;
  nn::Linear& head_;
};

// Embedding, learned positions, causal pre-norm layers with GELU, a last layer norm, and a head
// without bias.
class Gpt : public nn::Module {
 public:
  Gpt(Index vocabulary, Index longest, const nn::EncoderOptions& options, Rng& rng);
  Variable operator()(const Ids& tokens) const;

 private:
  nn::Embedding& embedding_;
  Variable positions_;  // [T, D]
  nn::List<nn::TransformerEncoderLayer>& layers_;
  nn::LayerNorm& norm_;
  Variable head_;  // [V, D]
};

}  // namespace rapt::benchmark
