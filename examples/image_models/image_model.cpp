#include "examples/image_models/image_model.h"

namespace rapt::image_models {
namespace {

Registry<ImageModelEntry>& registry() {
  static Registry<ImageModelEntry> all("image model");
  return all;
}

}  // namespace

Variable ImageModel::loss(const image_tasks::ImageBatch& batch) const {
  return nn::cross_entropy((*this)(batch.images).logits, batch.labels);
}

bool register_image_model(ImageModelEntry entry) { return registry().add(std::move(entry)); }
const std::vector<ImageModelEntry>& all_image_models() { return registry().all(); }
const ImageModelEntry& find_image_model(const std::string& name) { return registry().find(name); }

}  // namespace rapt::image_models
