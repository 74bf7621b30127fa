// Embedding, positions, a Transformer encoder, and a linear head at every position.
#include <cmath>

#include "autograd/ops.h"
#include "examples/models/model.h"
#include "nn/embedding.h"
#include "nn/position.h"

namespace rapt::models {
namespace {

class AttentionModel : public SequenceModel {
 public:
  AttentionModel(const ModelSpec& spec, Rng& rng)
      : mask_(spec.causal ? nn::Mask::causal(spec.length) : nn::Mask()),
        embedding_(child<nn::Embedding>("embedding", spec.vocabulary, spec.encoder.dim, rng)),
        encoder_(child<nn::TransformerEncoder>("encoder", spec.encoder, rng)),
        head_(child<nn::Linear>("head", spec.encoder.dim, spec.classes, rng)) {
    if (spec.positions == "sinusoidal")
      sinusoidal_ = &child<nn::SinusoidalPositions>("positions", spec.length, spec.encoder.dim);
    if (spec.positions == "learned")
      learned_ = &child<nn::LearnedPositions>("positions", spec.length, spec.encoder.dim, rng);
  }

  Output operator()(const Ids& ids) const override {
    Variable x = embedding_(ids);
    if (sinusoidal_) x = (*sinusoidal_)(x);
    if (learned_) x = (*learned_)(x);
    const nn::Encoded encoded = encoder_(x, mask_);
    return {head_(encoded.output), encoded.weights};
  }

 private:
  nn::Mask mask_;
  nn::Embedding& embedding_;
  nn::TransformerEncoder& encoder_;
  nn::Linear& head_;
  nn::SinusoidalPositions* sinusoidal_ = nullptr;
  nn::LearnedPositions* learned_ = nullptr;
};

const bool registered =
    register_model({"attention", "self-attention (Transformer encoder)",
                    [](const ModelSpec& spec, Index, Rng& rng) -> std::unique_ptr<SequenceModel> {
                      return std::make_unique<AttentionModel>(spec, rng);
                    }});

}  // namespace
}  // namespace rapt::models
