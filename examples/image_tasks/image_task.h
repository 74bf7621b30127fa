#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/registry.h"
#include "examples/tasks/task.h"
#include "nn/loss.h"
#include "tensor/random.h"

namespace rapt::image_tasks {

// Where the thing stands that the answer is about, in rows and columns of the image.
struct Box {
  Index top = 0, left = 0, height = 0, width = 0;
};

struct ImageBatch {
  Tensor images = Tensor({0});  // [B, C, Y, X]
  Ids labels = {};              // [B]
  std::vector<Box> boxes = {};  // [B], where the task knows; else empty
  std::vector<Index> channels =
      {};  // [B], the channel that the answer is about, where there is one

  Index size() const { return labels.shape[0]; }  // B
};

// What a model has to fit.
struct ImageSizes {
  Index channels, height, width, classes;
  bool separate = false;  // channels are pictures of their own, not colours of one picture
};

// How a task is trained if nothing else is said.
struct ImageDefaults {
  Index steps, batch;
};

// Images and the one class that each belongs to. A task draws its own, or reads the user's.
class ImageTask {
 public:
  virtual ~ImageTask() = default;

  virtual ImageSizes sizes() const = 0;
  virtual ImageDefaults defaults() const = 0;
  virtual double chance() const = 0;  // accuracy of a guess

  // B images, drawn with rng; equal generators give equal batches. No image of one split is in
  // another, where images are not drawn at random from a space too large to repeat them.
  virtual ImageBatch batch(Index size, tasks::Split split, Rng& rng) const = 0;

  virtual std::string answer(std::int32_t label) const = 0;  // as people read it
};

struct ImageTaskOptions {
  Index clutter = -1;     // pieces of other glyphs; -1: the task's own
  std::string data = "";  // a folder; empty: the task draws its own
};

// A task registers itself in the file that defines it.
struct ImageTaskEntry {
  std::string name, summary;
  std::function<std::unique_ptr<ImageTask>(const ImageTaskOptions&)> make;
};
bool register_image_task(ImageTaskEntry entry);
const std::vector<ImageTaskEntry>& all_image_tasks();  // by name
const ImageTaskEntry& find_image_task(const std::string& name);

}  // namespace rapt::image_tasks
