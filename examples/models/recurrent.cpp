// Embedding, a tanh RNN (in both directions where the task lets attention look both ways), and a
// linear head at every position.
#include "nn/recurrent.h"
#include "autograd/ops.h"
#include "examples/models/model.h"
#include "nn/embedding.h"

namespace rapt::models {
namespace {

class RecurrentModel : public SequenceModel {
 public:
  RecurrentModel(const ModelSpec& spec, Index hidden, Rng& rng)
      : embedding_(child<nn::Embedding>("embedding", spec.vocabulary, spec.encoder.dim, rng)),
        head_(child<nn::Linear>("head", spec.causal ? hidden : 2 * hidden, spec.classes, rng)),
        rnn_(child<nn::Recurrent>("rnn",
                                  nn::RecurrentOptions{.cell = nn::CellKind::rnn,
                                                       .in = spec.encoder.dim,
                                                       .hidden = hidden,
                                                       .bidirectional = !spec.causal},
                                  rng)) {}

  Output operator()(const Ids& ids) const override {
    return {head_(rnn_(embedding_(ids)).outputs), {}};
  }

 private:
  nn::Embedding& embedding_;
  nn::Linear& head_;
  nn::Recurrent& rnn_;
};

// The hidden width whose model has the most parameters that `parameters` allows.
Index matching_width(const ModelSpec& spec, Index parameters) {
  Index low = 1, high = 4096;
  while (low + 1 < high) {
    const Index middle = (low + high) / 2;
    Rng any(0);
    const bool fits = RecurrentModel(spec, middle, any).parameter_count() <= parameters;
    (fits ? low : high) = middle;
  }
  return low;
}

const bool registered = register_model(
    {"rnn", "vanilla RNN (tanh)",
     [](const ModelSpec& spec, Index parameters, Rng& rng) -> std::unique_ptr<SequenceModel> {
       const Index hidden = parameters > 0 ? matching_width(spec, parameters) : spec.encoder.dim;
       return std::make_unique<RecurrentModel>(spec, hidden, rng);
     }});

}  // namespace
}  // namespace rapt::models
