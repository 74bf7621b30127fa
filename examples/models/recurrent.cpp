// A tanh RNN (in both directions where the task lets attention look both ways), and a linear head
// at every position.
#include "nn/recurrent.h"
#include "autograd/ops.h"
#include "examples/models/position_model.h"

namespace rapt::models {
namespace {

class RecurrentModel : public PositionModel {
 public:
  RecurrentModel(const ModelSpec& spec, Index hidden, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        head_(child<nn::Linear>("head", (left_to_right() ? 1 : 2) * hidden, spec.sizes.classes,
                                rng)) {
    if (left_to_right())
      cell_ = &child<nn::RNNCell>("cell", spec.encoder.dim, hidden, rng);
    else
      both_ways_ =
          &child<nn::Bidirectional<nn::RNNCell>>("both_ways", spec.encoder.dim, hidden, rng);
  }

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    return {head_(cell_ ? unroll(*cell_, x, lengths).outputs : (*both_ways_)(x, lengths)), {}};
  }

 private:
  nn::Linear& head_;
  nn::RNNCell* cell_ = nullptr;
  nn::Bidirectional<nn::RNNCell>* both_ways_ = nullptr;
};

const bool registered = register_model(
    {"rnn", "vanilla RNN (tanh)",
     [](const ModelSpec& spec, Index parameters, Rng& rng) -> std::unique_ptr<SequenceModel> {
       const Index hidden = parameters == 0 ? spec.encoder.dim
                                            : matching_width(parameters, [&](Index width) {
                                                Rng any(0);
                                                return RecurrentModel(spec, width, any)
                                                    .parameter_count();
                                              });
       return std::make_unique<RecurrentModel>(spec, hidden, rng);
     }});

}  // namespace
}  // namespace rapt::models
