// No attention: the mean over all places, whatever stands there.
#include "examples/image_models/conv_net.h"
#include "nn/pool2d.h"

namespace rapt::image_models {
namespace {

class PlainNet : public ConvNet {
 public:
  using ConvNet::ConvNet;

 protected:
  Read read(const Variable& features) const override { return {nn::global_average_pool(features)}; }
};

const bool registered =
    register_conv_net<PlainNet>("cnn", "no attention: the mean over all places");

}  // namespace
}  // namespace rapt::image_models
