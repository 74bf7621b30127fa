#include "examples/models/translation.h"

#include <limits>

#include "autograd/ops.h"
#include "examples/report/program.h"

namespace rapt::models {

TranslationModel::TranslationModel(const ModelSpec& spec)
    : sizes_(spec.sizes), sayable_({1, spec.sizes.classes + 1}, 1) {
  if (!sizes_.translates())
    throw report::UsageError(
        "--model: expected one that answers at the positions of the input; an encoder-decoder "
        "says a sequence of its own, for tasks such as cipher and dates");
  sayable_.data()[sizes_.classes] = 0;
}

nn::Next TranslationModel::next(const Ids& tokens, const nn::State& state) const {
  constexpr Scalar kNever = -std::numeric_limits<Scalar>::infinity();
  nn::Next next = decoder().next(tokens, state);
  next.logits = where(sayable_, next.logits, kNever);
  return next;
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
