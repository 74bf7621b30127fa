#include "examples/image_models/conv_net.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

constexpr Index kFeatures = 16, kOfEachPicture = 8;
constexpr Index kSmallest = 4;  // rows and columns that leave something behind the pooling

Index features_of(const image_tasks::ImageSizes& sizes) {
  if (sizes.height < kSmallest || sizes.width < kSmallest)
    throw ValueError(message("image model: images must be at least ", kSmallest, " x ", kSmallest,
                             " pixels, got ", sizes.height, " x ", sizes.width));
  return sizes.separate ? kOfEachPicture * sizes.channels : kFeatures;
}

nn::Conv2dOptions options_of(const image_tasks::ImageSizes& sizes) {
  return {.window = {.kernel = 3, .padding = 1}, .groups = sizes.separate ? sizes.channels : 1};
}

}  // namespace

ConvNet::ConvNet(const image_tasks::ImageSizes& sizes, Rng& rng)
    : sizes_(sizes),
      features_(features_of(sizes)),
      first_(child<nn::Conv2d>("first", sizes.channels, features_, options_of(sizes), rng)),
      second_(child<nn::Conv2d>("second", features_, features_, options_of(sizes), rng)),
      norm_(child<nn::BatchNorm>("norm", features_)),
      head_(child<nn::Linear>("head", features_, sizes.classes, rng)) {}

Variable ConvNet::look(const Tensor& images) const {
  nn::expect_shape("image model: images [B, C, Y, X]", images.shape(),
                   {nn::kAny, sizes_.channels, sizes_.height, sizes_.width});
  const Variable strokes = nn::max_pool(relu(first_(images)), {.kernel = 2, .stride = 2});
  return relu(norm_(second_(strokes)));
}

Variable ConvNet::answer(const Variable& summary) const { return head_(summary); }

ImageOutput ConvNet::operator()(const Tensor& images) const {
  const Read seen = read(look(images));
  return {.logits = answer(seen.summary), .places = seen.places, .channels = seen.channels};
}

}  // namespace rapt::image_models
