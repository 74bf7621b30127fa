// Soft attention over places: one learned query asks each place how much it matters, and their mean
// is weighted by the answers.
#include "autograd/ops.h"
#include "examples/image_models/conv_net.h"
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
    const Index batch = features.dim(0), rows = features.dim(2), columns = features.dim(3);
    const Variable places = transpose(reshape(features, {batch, features.dim(1), rows * columns}));
    const nn::Attended y = pooling_(places);
    return {.summary = y.context,
            .places = reshape(y.weights.detach(), {batch, rows, columns}).value()};
  }

 private:
  nn::AttentionPooling& pooling_;
};

const bool registered =
    register_conv_net<SoftNet>("soft", "soft attention: one learned query over the places");

}  // namespace
}  // namespace rapt::image_models
