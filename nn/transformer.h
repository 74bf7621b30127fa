#pragma once
#include "nn/attention.h"
#include "nn/decoding.h"
#include "nn/embedding.h"
#include "nn/sublayer.h"

namespace rapt::nn {

struct EncoderOptions {
  Index dim = 64;            // D
  Index heads = 4;           // H
  Index feed_forward = 256;  // inner features of the feed-forward part
  Index layers = 2;
  Scalar dropout = 0;
  NormPlace norm = NormPlace::pre;
  Activation activation = Activation::relu;
  PositionKind positions = PositionKind::none;
  Index longest = 512;  // T that the positions have to know
  Weights weights = Weights::kept;
};

// Vaswani et al. 2017, section 3.1, one layer of the encoder: self-attention, then a feed-forward
// network at each position, each with a residual sum and layer norm.
class TransformerEncoderLayer : public Module {
 public:
  TransformerEncoderLayer(const EncoderOptions& options, Rng& rng);

  // x [B, T, D], mask [B, T, Tk] -> context [B, T, D], weights [B, H, T, Tk]; `past` as in
  // MultiHeadAttention, Tk = T + past
  Attended operator()(const Variable& x, const Mask& mask = {}, const Positions& positions = {},
                      KeysValues* past = nullptr) const;

  KeysValues nothing(Index batch) const { return self_attn_.nothing(batch); }

 private:
  Activation activation_;
  MultiHeadAttention& self_attn_;
  Linear &linear1_, &linear2_;
  Dropout& dropout_;
  AddNorm &norm1_, &norm2_;
};

// Keys and values for each layer of a stack: of the steps before, so that the next one is computed
// alone, or of a source that all steps ask.
using Cache = std::vector<KeysValues>;

Index steps_in(const Cache* past);  // 0 without one

// A cache as a state, which a search can reorder, and back.
State to_state(const Cache& cache);
Cache to_cache(const State& state);  // ValueError unless the tensors are pairs

struct Encoded {
  Variable output;                // [B, T, D]
  std::vector<Variable> weights;  // of each layer, [B, H, T, Tk]
};

// A stack of such layers, with its positions, which all layers share. With pre-norm the residual
// path is never normalized on its way, so one more layer norm follows the last layer.
class TransformerEncoder : public Module {
 public:
  TransformerEncoder(const EncoderOptions& options, Rng& rng);

  // x [B, T, D], mask [B, T, Tk] -> output [B, T, D], weights of each layer [B, H, T, Tk]. Where
  // the sequence comes piece by piece, under a causal mask, `past` holds what the pieces before x
  // left, and gets what x adds; Tk = T + past.
  Encoded operator()(const Variable& x, const Mask& mask = {}, Cache* past = nullptr) const;

  Cache nothing(Index batch) const;  // the past of a first piece

 private:
  Positions& positions_;
  List<TransformerEncoderLayer>& layers_;
  LayerNorm* final_norm_ = nullptr;  // pre-norm only
};

using DecoderOptions = EncoderOptions;

struct AttendedTwice {
  Variable context;         // [B, T, D]
  Variable weights;         // [B, H, T, Tk], among the target's own steps
  Variable source_weights;  // [B, H, T, S], from the target to the source
};

// Vaswani et al. 2017, section 3.1, one layer of the decoder: self-attention, attention to the
// source, a feed-forward network, each with a residual sum and layer norm.   [Eq 12.8]
class TransformerDecoderLayer : public Module {
 public:
  TransformerDecoderLayer(const DecoderOptions& options, Rng& rng);

  // source [B, S, D], the encoder's output -> what cross-attention asks, at every step the same
  KeysValues read(const Variable& source) const { return cross_attn_.read(source); }

  // x [B, T, D], source as read(), mask [B, T, Tk], source_mask [B, T, S]; `past` as above
  AttendedTwice operator()(const Variable& x, const KeysValues& source, const Mask& mask = {},
                           const Mask& source_mask = {}, const Positions& positions = {},
                           KeysValues* past = nullptr) const;

  KeysValues nothing(Index batch) const { return self_attn_.nothing(batch); }

 private:
  Activation activation_;
  MultiHeadAttention &self_attn_, &cross_attn_;
  Linear &linear1_, &linear2_;
  Dropout& dropout_;
  AddNorm &norm1_, &norm2_, &norm3_;
};

struct DecoderOutput {
  Variable output;                       // [B, T, D]
  std::vector<Variable> weights;         // of each layer, [B, H, T, Tk]
  std::vector<Variable> source_weights;  // of each layer, [B, H, T, S]
};

// A stack of decoder layers. It always looks back only: a causal mask is its own.
class TransformerDecoder : public Module {
 public:
  TransformerDecoder(const DecoderOptions& options, Rng& rng);

  // source [B, S, D] -> its keys and values for each layer
  Cache read(const Variable& source) const;

  // x [B, T, D], source as read(), mask [B, T, Tk] beside the causal one, source_mask [B, T, S];
  // `past` as in the encoder
  DecoderOutput operator()(const Variable& x, const Cache& source, const Mask& mask = {},
                           const Mask& source_mask = {}, Cache* past = nullptr) const;

  Cache nothing(Index batch) const;  // the past of a first piece

 private:
  Positions& positions_;
  List<TransformerDecoderLayer>& layers_;
  LayerNorm* final_norm_ = nullptr;  // pre-norm only
};

struct TransformerOptions {
  Index source_vocabulary = 2, target_vocabulary = 2;
  EncoderOptions stack{.positions = PositionKind::sinusoidal};  // encoder and decoder alike
  bool shared = false;  // one embedding for source and target
  bool tied = false;    // the matrix of the output is the target's embedding
};

struct Translated {
  Variable logits;                        // [B, T, V], at step t of the token at t + 1
  std::vector<Variable> weights;          // decoder, each layer, [B, H, T, T]
  std::vector<Variable> source_weights;   // decoder to source, each layer, [B, H, T, S]
  std::vector<Variable> encoder_weights;  // encoder, each layer, [B, H, S, S]
};

// Vaswani et al. 2017, figure 1: one sequence to another. Embeddings times sqrt(D) (section 3.4),
// positions, encoder, decoder, and a linear layer to one logit for each word.
class Transformer : public Module, public Stepwise {
 public:
  Transformer(const TransformerOptions& options, Rng& rng);

  // All steps at once, for training: each sees the true tokens before it (teacher forcing).
  // source [B, S], target [B, T], source_mask [B, 1, S] (padding) -> logits [B, T, V]
  Translated operator()(const Ids& source, const Ids& target, const Mask& source_mask = {}) const;

  // Step by step: the source is read once; each step computes its own token alone, and finds the
  // keys and values of source and earlier steps in the state.
  State start(const Ids& source, const Mask& source_mask = {}) const;
  Next next(const Ids& tokens, const State& state) const override;  // weights: last layer's mean

 private:
  Encoded encode(const Ids& source, const Mask& source_mask) const;
  Variable logits(const Variable& y) const;

  ScaledEmbedding &source_embedding_, &target_embedding_;
  Dropout& dropout_;
  TransformerEncoder& encoder_;
  TransformerDecoder& decoder_;
  Linear* head_;  // none if tied
};

}  // namespace rapt::nn
