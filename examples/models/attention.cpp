// Embedding, positions, a Transformer encoder, and a linear head at every position.
#include "examples/models/model.h"
#include "nn/embedding.h"

namespace rapt::models {
namespace {

class AttentionModel : public SequenceModel {
 public:
  AttentionModel(const ModelSpec& spec, Rng& rng)
      : mask_(spec.causal ? nn::Mask::causal(spec.length) : nn::Mask()),
        embedding_(child<nn::Embedding>("embedding", spec.vocabulary, spec.encoder.dim, rng)),
        encoder_(child<nn::TransformerEncoder>("encoder", encoder_of(spec), rng)),
        head_(child<nn::Linear>("head", spec.encoder.dim, spec.classes, rng)) {}

  Output operator()(const Ids& ids) const override {
    const nn::Encoded encoded = encoder_(embedding_(ids), mask_);
    return {head_(encoded.output), encoded.weights};
  }

 private:
  static nn::EncoderOptions encoder_of(const ModelSpec& spec) {
    nn::EncoderOptions options = spec.encoder;
    options.positions = nn::position_kind(spec.positions);
    options.longest = spec.length;
    return options;
  }

  nn::Mask mask_;
  nn::Embedding& embedding_;
  nn::TransformerEncoder& encoder_;
  nn::Linear& head_;
};

const bool registered =
    register_model({"attention", "self-attention (Transformer encoder)",
                    [](const ModelSpec& spec, Index, Rng& rng) -> std::unique_ptr<SequenceModel> {
                      return std::make_unique<AttentionModel>(spec, rng);
                    }});

}  // namespace
}  // namespace rapt::models
