// Dilated causal convolutions: each level sees twice as far back as the one below, and there are as
// many levels as the longest input needs. It only reads forward, whatever the task allows.
#include "examples/models/position_model.h"
#include "nn/temporal_conv_net.h"

namespace rapt::models {
namespace {

class TemporalModel : public PositionModel {
 public:
  TemporalModel(const ModelSpec& spec, Index channels, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        network_(child<nn::TemporalConvNet>("network", options_of(spec, channels), rng)),
        head_(child<nn::Linear>("head", channels, spec.sizes.classes, rng)) {}

 protected:
  Output answer(const Variable& x, const std::vector<Index>&) const override {
    return {head_(network_(x)), {}};
  }

 private:
  static nn::TemporalOptions options_of(const ModelSpec& spec, Index channels) {
    nn::TemporalOptions options{.in = spec.encoder.dim, .channels = channels, .levels = 1};
    const Index longest = spec.sizes.length + spec.sizes.answer_length;
    while (options.receptive_field() < longest) ++options.levels;
    return options;
  }

  nn::TemporalConvNet& network_;
  nn::Linear& head_;
};

const bool registered = register_matched<TemporalModel>("tcn", "dilated causal convolutions");

}  // namespace
}  // namespace rapt::models
