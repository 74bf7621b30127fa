// The spatial attention of CBAM: a gate for each place (Woo et al. 2018).
#include "examples/image_models/conv_net.h"
#include "nn/cbam.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

class SpatialNet : public ConvNet {
 public:
  SpatialNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng), gate_(child<nn::SpatialAttention>("gate", 7, rng)) {}

 protected:
  Read read(const Variable& features) const override {
    const nn::Gated y = gate_(features);
    return {.summary = nn::global_average_pool(y.output), .places = y.gate.value()};
  }

 private:
  nn::SpatialAttention& gate_;
};

const bool registered =
    register_conv_net<SpatialNet>("spatial", "spatial attention of CBAM: a gate for each place");

}  // namespace
}  // namespace rapt::image_models
