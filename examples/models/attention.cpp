// Self-attention: a Transformer encoder, and a linear head at every position.
#include "autograd/ops.h"
#include "examples/models/position_model.h"
#include "nn/position.h"

namespace rapt::models {
namespace {

class AttentionModel : public PositionModel {
 public:
  AttentionModel(const ModelSpec& spec, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        encoder_(child<nn::TransformerEncoder>("encoder", spec.encoder, rng)),
        head_(child<nn::Linear>("head", spec.encoder.dim, spec.sizes.classes, rng)) {
    const Index longest = spec.sizes.length + spec.sizes.answer_length;
    if (spec.positions == "sinusoidal")
      sinusoidal_ = &child<nn::SinusoidalPositions>("positions", longest, spec.encoder.dim);
    if (spec.positions == "learned")
      learned_ = &child<nn::LearnedPositions>("positions", longest, spec.encoder.dim, rng);
  }

 protected:
  Output answer(const Variable& embedded, const std::vector<Index>& lengths) const override {
    Variable x = embedded;
    if (sinusoidal_) x = (*sinusoidal_)(x);
    if (learned_) x = (*learned_)(x);
    nn::Mask mask = left_to_right() ? nn::Mask::causal(x.dim(1)) : nn::Mask();
    if (!lengths.empty()) mask = mask & nn::Mask::padding(lengths, x.dim(1));
    const nn::Encoded encoded = encoder_(x, mask);
    return {head_(encoded.output), encoded.weights};
  }

 private:
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
