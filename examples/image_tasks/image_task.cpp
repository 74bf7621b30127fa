#include "examples/image_tasks/image_task.h"

namespace rapt::image_tasks {
namespace {

Registry<ImageTaskEntry>& registry() {
  static Registry<ImageTaskEntry> all("image task");
  return all;
}

}  // namespace

bool register_image_task(ImageTaskEntry entry) { return registry().add(std::move(entry)); }
const std::vector<ImageTaskEntry>& all_image_tasks() { return registry().all(); }
const ImageTaskEntry& find_image_task(const std::string& name) { return registry().find(name); }

}  // namespace rapt::image_tasks
