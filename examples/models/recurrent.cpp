// Recurrent networks: they read in both directions where the task lets attention look both ways
// (the forward ones never do), with a linear head at every position.
#include "nn/recurrent.h"
#include "autograd/ops.h"
#include "examples/models/position_model.h"

namespace rapt::models {
namespace {

struct Kind {
  nn::CellKind cell;
  nn::CellOptions options = {};
  bool forward_only = false;
};

class RecurrentModel : public PositionModel {
 public:
  RecurrentModel(const ModelSpec& spec, const Kind& kind, Index hidden, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        both_ways_(!left_to_right() && !kind.forward_only),
        head_(child<nn::Linear>("head", (both_ways_ ? 2 : 1) * hidden, spec.sizes.classes, rng)),
        recurrent_(child<nn::Recurrent>("recurrent",
                                        nn::RecurrentOptions{.cell = kind.cell,
                                                             .in = spec.encoder.dim,
                                                             .hidden = hidden,
                                                             .bidirectional = both_ways_,
                                                             .options = kind.options},
                                        rng)) {}

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    return {head_(recurrent_(x, lengths).outputs), {}};
  }

 private:
  bool both_ways_;
  nn::Linear& head_;
  nn::Recurrent& recurrent_;
};

bool register_recurrent(const std::string& name, const std::string& summary, const Kind& kind) {
  return register_model({name, summary, [kind](const ModelSpec& spec, Index parameters, Rng& rng) {
                           return matched(spec, parameters, rng, [&](Index hidden, Rng& draws) {
                             return std::make_unique<RecurrentModel>(spec, kind, hidden, draws);
                           });
                         }});
}

const bool registered[] = {
    register_recurrent("rnn", "vanilla RNN (tanh)", {nn::CellKind::rnn}),
    register_recurrent("irnn", "RNN with relu that starts at W = identity",
                       {nn::CellKind::rnn,
                        {.activation = nn::Activation::relu, .init = nn::RecurrentInit::identity}}),
    register_recurrent("lstm", "LSTM, forget bias 1", {nn::CellKind::lstm, {.forget_bias = 1}}),
    register_recurrent("gru", "GRU", {nn::CellKind::gru}),
    register_recurrent("rnn-forward", "vanilla RNN that only reads forward",
                       {nn::CellKind::rnn, {}, true}),
    register_recurrent("gru-forward", "GRU that only reads forward",
                       {nn::CellKind::gru, {}, true})};

}  // namespace
}  // namespace rapt::models
