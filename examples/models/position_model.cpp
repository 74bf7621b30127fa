#include "examples/models/position_model.h"

#include <algorithm>

#include "autograd/ops.h"

namespace rapt::models {

PositionModel::PositionModel(const ModelSpec& spec, Index dim, Rng& rng) : sizes_(spec.sizes) {
  const tasks::Sizes& s = spec.sizes;
  // Translating needs the symbols of the answer too, one before the first and one for no symbol.
  const Index symbols = s.translates() ? s.vocabulary + s.classes + 2 : s.vocabulary;
  if (s.features > 0)
    linear_ = &child<nn::Linear>("front", s.features, dim, rng);
  else
    embedding_ = &child<nn::Embedding>("embedding", symbols, dim, rng);
}

Output PositionModel::operator()(const tasks::Batch& batch) const {
  if (linear_) return answer((*linear_)(batch.features), batch.lengths);
  if (!sizes_.translates()) return answer((*embedding_)(batch.inputs), batch.lengths);
  const Index source = sizes_.length, end = source + batch.targets.shape[1];
  Output output = answer((*embedding_)(joined(batch)), {});
  output.logits = slice(output.logits, 1, source, end);
  for (Variable& weights : output.weights)
    weights = slice(slice(weights, 2, source, end), 3, source - batch.inputs.shape[1], source);
  return output;
}

nn::Mask PositionModel::visible(Index steps, const std::vector<Index>& lengths) const {
  const nn::Mask before = left_to_right() ? nn::Mask::causal(steps) : nn::Mask();
  return lengths.empty() ? before : before & nn::Mask::padding(lengths, steps);
}

Ids PositionModel::joined(const tasks::Batch& batch) const {
  const auto start = static_cast<std::int32_t>(sizes_.vocabulary + sizes_.classes);
  const std::int32_t nothing = start + 1;
  const Index steps = batch.inputs.shape[1], answer = batch.targets.shape[1];
  Ids all{{batch.size(), sizes_.length + answer}, {}};
  for (Index b = 0; b < batch.size(); ++b) {
    const Index length = batch.lengths.empty() ? steps : batch.lengths[b];
    const std::int32_t* symbols = batch.inputs.values.data() + b * steps;
    const std::int32_t* said = batch.targets.values.data() + b * answer;
    all.values.insert(all.values.end(), static_cast<std::size_t>(sizes_.length - length), nothing);
    all.values.insert(all.values.end(), symbols, symbols + length);
    all.values.push_back(start);
    for (Index t = 0; t + 1 < answer; ++t)
      all.values.push_back(said[t] == nn::kIgnored
                               ? nothing
                               : static_cast<std::int32_t>(sizes_.vocabulary) + said[t]);
  }
  return all;
}

}  // namespace rapt::models
