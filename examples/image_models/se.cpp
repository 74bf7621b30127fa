// Squeeze and excitation: a gate for each channel, from the means of all (Hu et al. 2018).
#include "examples/image_models/conv_net.h"
#include "nn/pool2d.h"
#include "nn/squeeze_excitation.h"

namespace rapt::image_models {
namespace {

class SqueezeNet : public ConvNet {
 public:
  SqueezeNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng),
        gate_(child<nn::SqueezeExcitation>("gate", this->features(), 4, rng)) {}

 protected:
  Read read(const Variable& features) const override {
    const nn::Gated y = gate_(features);
    return {.summary = nn::global_average_pool(y.output), .channels = y.gate.value()};
  }

 private:
  nn::SqueezeExcitation& gate_;
};

const bool registered =
    register_conv_net<SqueezeNet>("se", "squeeze and excitation: a gate for each channel");

}  // namespace
}  // namespace rapt::image_models
