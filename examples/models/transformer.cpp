// The whole Transformer: an encoder for the input, a decoder for the answer. Its feed-forward width
// is free, so that it can be matched.
#include "nn/transformer.h"
#include "examples/models/translation.h"
#include "nn/mask.h"

namespace rapt::models {
namespace {

class TransformerModel : public TranslationModel {
 public:
  TransformerModel(const ModelSpec& spec, Index feed_forward, Rng& rng)
      : TranslationModel(spec),
        transformer_(child<nn::Transformer>("transformer", options_of(spec, feed_forward), rng)) {}

  Output operator()(const tasks::Batch& batch) const override {
    const nn::Translated said = transformer_(batch.inputs, told(batch), padding(batch));
    return {without_start(said.logits), said.source_weights};
  }

  const nn::Stepwise& decoder() const override { return transformer_; }
  nn::State start(const tasks::Batch& batch) const override {
    return transformer_.start(batch.inputs, padding(batch));
  }

 private:
  static nn::TransformerOptions options_of(const ModelSpec& spec, Index feed_forward) {
    nn::TransformerOptions options{.source_vocabulary = spec.sizes.vocabulary,
                                   .target_vocabulary = spec.sizes.classes + 1,
                                   .stack = spec.encoder};
    options.stack.feed_forward = feed_forward;
    return options;
  }
  static nn::Mask padding(const tasks::Batch& batch) {
    if (batch.lengths.empty()) return {};
    return nn::Mask::padding(batch.lengths, batch.inputs.shape[1]);
  }

  nn::Transformer& transformer_;
};

const bool registered =
    register_matched<TransformerModel>("transformer", "Transformer, encoder and decoder");

}  // namespace
}  // namespace rapt::models
