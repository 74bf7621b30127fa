#include "examples/image_tasks/view.h"

#include "nn/glimpse.h"

namespace rapt::image_tasks {
namespace {

report::Grid grid_of(const Tensor& plane) {  // the last two axes are [Y, X], others are 1
  const std::vector<Scalar> values = plane.values();
  return {static_cast<int>(plane.dim(-2)),
          static_cast<int>(plane.dim(-1)),
          {values.begin(), values.end()}};
}

}  // namespace

report::Grid channel_of(const Tensor& images, Index row, Index channel) {
  return grid_of(images.slice(0, row, row + 1).slice(1, channel, channel + 1));
}

report::Grid gray_of(const Tensor& images, Index row) {
  report::Grid mean = channel_of(images, row, 0);
  for (Index channel = 1; channel < images.dim(1); ++channel) {
    const report::Grid more = channel_of(images, row, channel);
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += more.values[i];
  }
  for (double& value : mean.values) value /= static_cast<double>(images.dim(1));
  return mean;
}

report::Grid map_of(const Tensor& places, Index row) {
  return grid_of(places.slice(0, row, row + 1));
}

report::Glimpse glimpse_of(const Tensor& centres, Index row, const report::Grid& image) {
  return {static_cast<double>(nn::nearest_pixel(centres.at({row, 0}), image.rows)),
          static_cast<double>(nn::nearest_pixel(centres.at({row, 1}), image.columns))};
}

}  // namespace rapt::image_tasks
