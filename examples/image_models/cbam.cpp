// CBAM: first the channels, then the places (Woo et al. 2018).
#include "nn/cbam.h"
#include "examples/image_models/conv_net.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

class CbamNet : public ConvNet {
 public:
  CbamNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : ConvNet(sizes, rng), gates_(child<nn::Cbam>("gates", this->features(), 4, 7, rng)) {}

 protected:
  Read read(const Variable& features) const override {
    const nn::Refined y = gates_(features);
    return {nn::global_average_pool(y.output), y.places.value(), y.channels.value()};
  }

 private:
  nn::Cbam& gates_;
};

const bool registered = register_conv_net<CbamNet>("cbam", "CBAM: channels, then places");

}  // namespace
}  // namespace rapt::image_models
