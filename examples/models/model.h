#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/registry.h"
#include "examples/tasks/batch.h"
#include "nn/transformer.h"

namespace rapt::models {

// What a model must fit, and how large the attention model is that others are matched to.
struct ModelSpec {
  tasks::Sizes sizes;
  nn::EncoderOptions encoder;
};

// The spec for a task: the encoder knows positions of this kind, as many as there can be.
ModelSpec spec_of(const tasks::Sizes& sizes, nn::EncoderOptions encoder,
                  nn::PositionKind positions);

struct Output {
  Variable logits;                // [B, T, C], or [B, M, C] where the answer is of its own
  std::vector<Variable> weights;  // attention of each layer [B, H, T or M, T]; empty without it
};

// Answers a batch. Where the answer is a sequence of its own, the model is told the right symbols
// before each one that it is asked for (teacher forcing), and only those.
class SequenceModel : public nn::Module {
 public:
  virtual Output operator()(const tasks::Batch& batch) const = 0;
};

// A model registers itself in the file that defines it. `make` builds it with close to
// `parameters` parameters where it has a free width; 0 leaves it at the spec's. It throws
// report::UsageError where the model cannot do such a task.
struct ModelEntry {
  std::string name, summary;
  std::function<std::unique_ptr<SequenceModel>(const ModelSpec&, Index parameters, Rng&)> make;
};
bool register_model(ModelEntry entry);
const std::vector<ModelEntry>& all_models();  // by name
const ModelEntry& find_model(const std::string& name);

// The widest model that `build` makes with at most `parameters` parameters; with 0 of them, as wide
// as the attention model.
using Build = std::function<std::unique_ptr<SequenceModel>(Index width, Rng&)>;
std::unique_ptr<SequenceModel> matched(const ModelSpec& spec, Index parameters, Rng& rng,
                                       const Build& build);

// For a class with one free width: Model(spec, width, rng).
template <class Model>
bool register_matched(const std::string& name, const std::string& summary) {
  return register_model({name, summary, [](const ModelSpec& spec, Index parameters, Rng& rng) {
                           return matched(spec, parameters, rng, [&](Index width, Rng& draws) {
                             return std::make_unique<Model>(spec, width, draws);
                           });
                         }});
}

}  // namespace rapt::models
