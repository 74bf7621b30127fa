#include "examples/image_models/image_model.h"

namespace rapt::image_models {
namespace {

Registry<ImageModelEntry>& registry() {
  static Registry<ImageModelEntry> all("image model");
  return all;
}

}  // namespace

ImageModel::Learning ImageModel::learn(const image_tasks::ImageBatch& batch) const {
  const Variable logits = (*this)(batch.images).logits;
  return {nn::cross_entropy(logits, batch.labels), logits};
}

bool register_image_model(ImageModelEntry entry) { return registry().add(std::move(entry)); }
const std::vector<ImageModelEntry>& all_image_models() { return registry().all(); }
const ImageModelEntry& find_image_model(const std::string& name) { return registry().find(name); }

}  // namespace rapt::image_models
