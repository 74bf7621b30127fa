#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "examples/image_tasks/image_task.h"
#include "nn/module.h"

namespace rapt::image_models {

struct ImageOutput {
  Variable logits;                      // [B, classes]
  std::optional<Tensor> places = {};    // [B, Y', X'], how much each place counts, all >= 0
  std::optional<Tensor> channels = {};  // [B, C'], how much each channel counts, all >= 0
  std::vector<Tensor> glimpses = {};    // [B, 2] each: (y, x) in -1 .. 1, in order
  Index glimpse_size = 1;               // side of the patches, in pixels
};

class ImageModel : public nn::Module {
 public:
  virtual ImageOutput operator()(const Tensor& images) const = 0;

  // What training makes small, []. Cross entropy, unless a model chooses by chance and learns from
  // rewards.
  virtual Variable loss(const image_tasks::ImageBatch& batch) const;
};

// A model registers itself in the file that defines it.
struct ImageModelEntry {
  std::string name, summary;
  std::function<std::unique_ptr<ImageModel>(const image_tasks::ImageSizes&, Rng&)> make;
};
bool register_image_model(ImageModelEntry entry);
const std::vector<ImageModelEntry>& all_image_models();  // by name
const ImageModelEntry& find_image_model(const std::string& name);

}  // namespace rapt::image_models
