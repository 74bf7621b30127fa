#include "examples/models/decoder.h"

#include "examples/report/program.h"

namespace rapt::models {
namespace {

nn::LanguageModelOptions options_of(const ModelSpec& spec) {
  const tasks::Sizes& s = spec.sizes;
  if (!s.causal || s.features > 0 || s.vocabulary != s.classes)
    throw report::UsageError(
        "--model: expected one that answers in other symbols than it reads; decoder goes on with "
        "what it read, for tasks such as text");
  nn::LanguageModelOptions options{.vocabulary = s.vocabulary, .stack = spec.encoder};
  options.stack.longest = s.length;
  return options;
}

const bool registered =
    register_model({"decoder", "decoder-only Transformer (language model)",
                    [](const ModelSpec& spec, Index, Rng& rng) -> std::unique_ptr<SequenceModel> {
                      return std::make_unique<DecoderModel>(spec, rng);
                    }});

}  // namespace

DecoderModel::DecoderModel(const ModelSpec& spec, Rng& rng)
    : window_(spec.sizes.length),
      model_(child<nn::LanguageModel>("model", options_of(spec), rng)) {}

Output DecoderModel::operator()(const tasks::Batch& batch) const {
  nn::Mask mask;
  if (!batch.lengths.empty()) mask = nn::Mask::padding(batch.lengths, batch.inputs.shape[1]);
  const nn::Predicted predicted = model_(batch.inputs, mask);
  return {predicted.logits, predicted.weights};
}

}  // namespace rapt::models
