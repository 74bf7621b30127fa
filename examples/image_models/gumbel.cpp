// Hard attention to one place that learns straight through the choice: forward the place with the
// largest noisy score, backward the softmax (Jang et al. 2017).
#include "examples/image_models/hard_net.h"

namespace rapt::image_models {
namespace {

class GumbelNet : public HardNet {
 public:
  GumbelNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : HardNet(sizes, nn::Draw::gumbel, rng) {}
};

const bool registered =
    register_conv_net<GumbelNet>("gumbel", "hard attention: one place, straight-through gradient");

}  // namespace
}  // namespace rapt::image_models
