#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nn/transformer.h"

namespace rapt::models {

// What a model must fit.
struct ModelSpec {
  Index vocabulary, classes, length;  // V, C, T
  bool causal;                        // position t sees 0 .. t only
  nn::EncoderOptions encoder;
  std::string positions = "sinusoidal";  // of attention, one of nn::position_names()
};

struct Output {
  Variable logits;                // [B, T, C]
  std::vector<Variable> weights;  // attention of each layer [B, H, T, T]; empty without attention
};

// An answer for every position of a sequence.
class SequenceModel : public nn::Module {
 public:
  // ids [B, T] -> logits [B, T, C]
  virtual Output operator()(const Ids& ids) const = 0;
};

// A model registers itself in the file that defines it. `make` builds it with close to
// `parameters` parameters where it has a free width; 0 leaves it at the spec's.
struct ModelEntry {
  std::string name, summary;
  std::function<std::unique_ptr<SequenceModel>(const ModelSpec&, Index parameters, Rng&)> make;
};
bool register_model(ModelEntry entry);
const std::vector<ModelEntry>& all_models();  // by name
const ModelEntry& find_model(const std::string& name);

}  // namespace rapt::models
