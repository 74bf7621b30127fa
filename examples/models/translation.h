#pragma once
#include "examples/models/model.h"
#include "nn/decoding.h"

namespace rapt::models {

// A model that reads its whole input and then says the answer symbol by symbol. Symbols of the
// answer are 0 .. C-1, and C stands before the first.
class TranslationModel : public SequenceModel, public nn::Stepwise {
 public:
  explicit TranslationModel(const ModelSpec& spec);  // UsageError unless the task translates

  std::int32_t start_symbol() const { return static_cast<std::int32_t>(sizes_.classes); }
  // For greedy and beam search: the state before the first symbol, and each step from there. The
  // start is never said. tokens [B] -> logits [B, C + 1]
  virtual nn::State start(const tasks::Batch& batch) const = 0;
  nn::Next next(const Ids& tokens, const nn::State& state) const final;

 protected:
  virtual const nn::Stepwise& decoder() const = 0;

  // What stands before each symbol of the answer: the start, then the right symbols up to it.
  Ids told(const tasks::Batch& batch) const;  // [B, M] -> [B, M]
  // Nobody says the start: its logit is no answer. [B, M, C + 1] -> [B, M, C]
  Variable without_start(const Variable& logits) const;

  tasks::Sizes sizes_;
  Tensor sayable_;  // [1, C + 1], 0 for the start
};

}  // namespace rapt::models
