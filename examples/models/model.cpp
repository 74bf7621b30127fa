#include "examples/models/model.h"

#include <algorithm>

namespace rapt::models {
namespace {

std::vector<ModelEntry>& entries() {
  static std::vector<ModelEntry> all;
  return all;
}

}  // namespace

bool register_model(ModelEntry entry) {
  entries().push_back(std::move(entry));
  std::sort(entries().begin(), entries().end(),
            [](const ModelEntry& a, const ModelEntry& b) { return a.name < b.name; });
  return true;
}

const std::vector<ModelEntry>& all_models() { return entries(); }

const ModelEntry& find_model(const std::string& name) {
  for (const ModelEntry& entry : entries())
    if (entry.name == name) return entry;
  throw ValueError("find_model: there is no model '" + name + "'");
}

}  // namespace rapt::models
