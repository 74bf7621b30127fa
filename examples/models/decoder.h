#pragma once
#include "examples/models/model.h"
#include "nn/language_model.h"

namespace rapt::models {

// A decoder-only Transformer over one set of symbols: what was read and what comes next are of the
// same kind.
class DecoderModel : public SequenceModel {
 public:
  DecoderModel(const ModelSpec& spec, Rng& rng);  // UsageError unless the task continues a text

  Output operator()(const tasks::Batch& batch) const override;
  const nn::LanguageModel& language_model() const { return model_; }
  Index window() const { return window_; }  // so many symbols it was trained on at once

 private:
  Index window_;
  nn::LanguageModel& model_;
};

}  // namespace rapt::models
