// Recurrent encoder and decoder: with all of the source in one vector, and with attention over the
// encoder's states under each of the scores.
#include "nn/seq2seq.h"

#include <algorithm>

#include "autograd/ops.h"
#include "examples/models/translation.h"

namespace rapt::models {
namespace {

class Seq2SeqModel : public TranslationModel {
 public:
  Seq2SeqModel(const ModelSpec& spec, std::optional<nn::Score> attention, Index hidden, Rng& rng)
      : TranslationModel(spec),
        seq2seq_(child<nn::Seq2Seq>(
            "seq2seq",
            nn::Seq2SeqOptions{.source_vocabulary = spec.sizes.vocabulary,
                               .target_vocabulary = spec.sizes.classes + 1,
                               .embedding = spec.encoder.dim,
                               .hidden = hidden,
                               .encoder_hidden = encoder_hidden(attention, hidden),
                               .attention = attention},
            rng)) {}

  Output operator()(const tasks::Batch& batch) const override {
    const nn::Seq2SeqOutput said = seq2seq_(batch.inputs, batch.lengths, told(batch));
    Output output{without_start(said.logits), {}};
    if (said.weights.dim(2) > 0)  // as the only head of the only layer
      output.weights = {
          reshape(said.weights, {batch.size(), 1, said.weights.dim(1), said.weights.dim(2)})};
    return output;
  }

  const nn::Stepwise& decoder() const override { return seq2seq_; }
  nn::State start(const tasks::Batch& batch) const override {
    return seq2seq_.start(batch.inputs, batch.lengths);
  }

 private:
  // A dot product needs states of one width on both sides.
  static Index encoder_hidden(std::optional<nn::Score> attention, Index hidden) {
    return attention == nn::Score::dot ? hidden / 2 : hidden;
  }

  nn::Seq2Seq& seq2seq_;
};

bool register_seq2seq(const std::string& name, const std::string& summary,
                      std::optional<nn::Score> attention) {
  return register_model({name, summary, [=](const ModelSpec& spec, Index parameters, Rng& rng) {
                           return matched(spec, parameters, rng, [&](Index width, Rng& draws) {
                             const Index hidden = std::max<Index>(2, width / 2 * 2);  // even
                             return std::make_unique<Seq2SeqModel>(spec, attention, hidden, draws);
                           });
                         }});
}

const bool registered[] = {
    register_seq2seq("seq2seq", "GRU encoder and decoder, one vector between", std::nullopt),
    register_seq2seq("seq2seq-additive", "the same with additive attention", nn::Score::additive),
    register_seq2seq("seq2seq-dot", "the same with dot attention", nn::Score::dot),
    register_seq2seq("seq2seq-general", "the same with general attention", nn::Score::general)};

}  // namespace
}  // namespace rapt::models
