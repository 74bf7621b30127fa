// The channel attention of CBAM: gates from means and maxima (Woo et al. 2018).
#include "examples/image_models/conv_net.h"
#include "nn/cbam.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

class ChannelNet : public ConvNet {
 public:
  ChannelNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng), gate_(child<nn::ChannelAttention>("gate", this->features(), 4, rng)) {}

 protected:
  Read read(const Variable& features) const override {
    const nn::Gated y = gate_(features);
    return {.summary = nn::global_average_pool(y.output), .channels = y.gate.value()};
  }

 private:
  nn::ChannelAttention& gate_;
};

const bool registered =
    register_conv_net<ChannelNet>("channel", "channel attention of CBAM: means and maxima");

}  // namespace
}  // namespace rapt::image_models
