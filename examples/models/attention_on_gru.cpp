// Self-attention on top of a recurrent network: a GRU reads, each position then asks the states of
// all positions it may see, and answers from its own state and what it found (Lin et al. 2017).
#include "autograd/ops.h"
#include "examples/models/position_model.h"
#include "nn/attention.h"
#include "nn/recurrent.h"

namespace rapt::models {
namespace {

class AttentionOnGru : public PositionModel {
 public:
  AttentionOnGru(const ModelSpec& spec, Index hidden, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        gru_(child<nn::Recurrent>("gru",
                                  nn::RecurrentOptions{.cell = nn::CellKind::gru,
                                                       .in = spec.encoder.dim,
                                                       .hidden = hidden,
                                                       .bidirectional = !left_to_right()},
                                  rng)),
        attention_(child<nn::SelfAttention>("attention", gru_.features(), hidden, hidden, rng)),
        head_(child<nn::Linear>("head", gru_.features() + hidden, spec.sizes.classes, rng)) {}

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    const Index steps = x.dim(1);
    const Variable states = gru_(x, lengths).outputs;
    const nn::Attended found = attention_(states, visible(steps, lengths));
    const Variable one_head = reshape(found.weights, {x.dim(0), 1, steps, steps});
    return {head_(concat({states, found.context}, -1)), {one_head}};
  }

 private:
  nn::Recurrent& gru_;
  nn::SelfAttention& attention_;
  nn::Linear& head_;
};

const bool registered =
    register_matched<AttentionOnGru>("gru-attention", "self-attention on top of a GRU");

}  // namespace
}  // namespace rapt::models
