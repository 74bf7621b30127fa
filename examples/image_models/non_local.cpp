// A non-local block: every place asks every other (Wang et al. 2018). How much a place counts is
// how much the others look at it, on average.
#include "nn/non_local.h"
#include "autograd/ops.h"
#include "examples/image_models/conv_net.h"
#include "examples/report/program.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

constexpr Index kMostPlaces = 4096;  // each asks each: 64 MB of weights for one image

// The trunk halves rows and columns.
void expect_few_places(const image_tasks::ImageSizes& sizes) {
  const Index places = (sizes.height / 2) * (sizes.width / 2);
  if (places > kMostPlaces)
    throw report::UsageError(message(
        "--model: every place asks every other in non-local: expected at most ", kMostPlaces,
        " places, got ", places, " of images of ", sizes.height, " x ", sizes.width));
}

class NonLocalNet : public ConvNet {
 public:
  NonLocalNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng), block_(child<nn::NonLocal>("block", this->features(), rng)) {
    expect_few_places(sizes);
  }

 protected:
  Read read(const Variable& features) const override {
    const nn::Attended y = block_(features);
    const Shape places{features.dim(0), features.dim(2), features.dim(3)};
    return {.summary = nn::global_average_pool(y.context),
            .places = reshape(mean(y.weights.detach(), 1), places).value()};
  }

 private:
  nn::NonLocal& block_;
};

const bool registered =
    register_conv_net<NonLocalNet>("non-local", "non-local block: every place asks every other");

}  // namespace
}  // namespace rapt::image_models
