#include "examples/models/model.h"

namespace rapt::models {
namespace {

Registry<ModelEntry>& registry() {
  static Registry<ModelEntry> all("model");
  return all;
}

}  // namespace

bool register_model(ModelEntry entry) { return registry().add(std::move(entry)); }
const std::vector<ModelEntry>& all_models() { return registry().all(); }
const ModelEntry& find_model(const std::string& name) { return registry().find(name); }

Index matching_width(Index parameters, const std::function<Index(Index width)>& parameter_count) {
  Index low = 1, high = 4096;
  while (low + 1 < high) {
    const Index middle = (low + high) / 2;
    (parameter_count(middle) <= parameters ? low : high) = middle;
  }
  return low;
}

}  // namespace rapt::models
