// Soft attention over places: one learned query asks each place how much it matters, and their mean
// is weighted by the answers.
#include "examples/image_models/conv_net.h"
#include "nn/pool2d.h"
#include "nn/pooling.h"

namespace rapt::image_models {
namespace {

class SoftNet : public ConvNet {
 public:
  SoftNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng),
        pooling_(child<nn::AttentionPooling>("pooling", this->features(), this->features(), rng)) {}

 protected:
  Read read(const Variable& features) const override {
    const nn::Attended y = pooling_(nn::by_place(features));
    return {
        .summary = y.context,
        .places = y.weights.value().reshape({features.dim(0), features.dim(2), features.dim(3)})};
  }

 private:
  nn::AttentionPooling& pooling_;
};

const bool registered =
    register_conv_net<SoftNet>("soft", "soft attention: one learned query over the places");

}  // namespace
}  // namespace rapt::image_models
