#pragma once
#include "nn/activation.h"
#include "nn/attention.h"
#include "nn/dropout.h"
#include "nn/layer_norm.h"

namespace rapt::nn {

// Where layer norm stands: after each residual sum, as in the paper, or before each sub-layer
// (Xiong et al. 2020), which stands higher learning rates without warm-up.
enum class NormPlace { post, pre };

struct EncoderOptions {
  Index dim = 64;            // D
  Index heads = 4;           // H
  Index feed_forward = 256;  // inner features of the feed-forward part
  Index layers = 2;
  Scalar dropout = 0;
  NormPlace norm = NormPlace::pre;
  Activation activation = Activation::relu;
};

// Vaswani et al. 2017, section 3.1, one layer of the encoder: self-attention, then a feed-forward
// network at each position, each with a residual sum and layer norm.
//   post: x = norm(x + sublayer(x))   [Eq 12.2]      pre: x = x + sublayer(norm(x))   [Eq 12.3]
class TransformerEncoderLayer : public Module {
 public:
  TransformerEncoderLayer(const EncoderOptions& options, Rng& rng);

  // x [B, T, D], mask [B, T, T] -> context [B, T, D], weights [B, H, T, T]
  Attended operator()(const Variable& x, const Mask& mask = {}) const;

 private:
  // relu(x W1^T + b1) W2^T + b2, at every position by itself.   [Eq 12.4]
  Variable feed_forward(const Variable& x) const;  // [B, T, D] -> [B, T, D]

  NormPlace norm_;
  Activation activation_;
  MultiHeadAttention& self_attn_;
  Linear &linear1_, &linear2_;
  LayerNorm &norm1_, &norm2_;
  Dropout& dropout_;
};

struct Encoded {
  Variable output;                // [B, T, D]
  std::vector<Variable> weights;  // of each layer, [B, H, T, T]
};

// A stack of such layers. With pre-norm the residual path is never normalized on its way, so one
// more layer norm follows the last layer.
class TransformerEncoder : public Module {
 public:
  TransformerEncoder(const EncoderOptions& options, Rng& rng);

  // x [B, T, D], mask [B, T, T] -> output [B, T, D], weights of each layer [B, H, T, T]
  Encoded operator()(const Variable& x, const Mask& mask = {}) const;

 private:
  List<TransformerEncoderLayer>& layers_;
  LayerNorm* final_norm_ = nullptr;  // pre-norm only
};

}  // namespace rapt::nn
