#include "examples/models/model.h"

namespace rapt::models {
namespace {

Registry<ModelEntry>& registry() {
  static Registry<ModelEntry> all("model");
  return all;
}

}  // namespace

ModelSpec spec_of(const tasks::Sizes& sizes, nn::EncoderOptions encoder,
                  nn::PositionKind positions) {
  encoder.positions = positions;
  encoder.longest = sizes.length + sizes.answer_length;
  return {sizes, encoder};
}

bool register_model(ModelEntry entry) { return registry().add(std::move(entry)); }
const std::vector<ModelEntry>& all_models() { return registry().all(); }
const ModelEntry& find_model(const std::string& name) { return registry().find(name); }

std::unique_ptr<SequenceModel> matched(const ModelSpec& spec, Index parameters, Rng& rng,
                                       const Build& build) {
  if (parameters == 0) return build(spec.encoder.dim, rng);
  Index low = 1, high = 4096;
  while (low + 1 < high) {
    const Index middle = (low + high) / 2;
    Rng any(0);
    (build(middle, any)->parameter_count() <= parameters ? low : high) = middle;
  }
  return build(low, rng);
}

}  // namespace rapt::models
