// Self-attention: a Transformer encoder, and a linear head at every position.
#include "autograd/ops.h"
#include "examples/models/position_model.h"

namespace rapt::models {
namespace {

class AttentionModel : public PositionModel {
 public:
  AttentionModel(const ModelSpec& spec, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        encoder_(child<nn::TransformerEncoder>("encoder", spec.encoder, rng)),
        head_(child<nn::Linear>("head", spec.encoder.dim, spec.sizes.classes, rng)) {}

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    const nn::Encoded encoded = encoder_(x, visible(x.dim(1), lengths));
    return {head_(encoded.output), encoded.weights};
  }

 private:
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
