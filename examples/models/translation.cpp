#include "examples/models/translation.h"

#include "autograd/views.h"
#include "examples/report/program.h"

namespace rapt::models {

TranslationModel::TranslationModel(const ModelSpec& spec) : sizes_(spec.sizes) {
  if (sizes_.causal)
    throw report::UsageError(
        "--model: expected one that answers from left to right for a task that does not let a "
        "position see what follows it; an encoder-decoder reads the whole input first");
  if (sizes_.features > 0)
    throw report::UsageError(
        "--model: expected one that takes numbers; an encoder-decoder reads symbols");
}

Ids TranslationModel::told(const tasks::Batch& batch) const {
  Ids told{batch.targets.shape, batch.targets.values};
  const Index steps = told.shape[1];
  for (std::size_t i = told.values.size(); i-- > 0;) {
    const bool first = static_cast<Index>(i) % steps == 0;
    const std::int32_t before = first ? nn::kIgnored : batch.targets.values[i - 1];
    told.values[i] = before == nn::kIgnored ? start_symbol() : before;
  }
  return told;
}

Variable TranslationModel::without_start(const Variable& logits) const {
  return slice(logits, -1, 0, sizes_.classes);
}

}  // namespace rapt::models
