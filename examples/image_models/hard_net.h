#pragma once
#include "examples/image_models/conv_net.h"
#include "nn/hard_attention.h"

namespace rapt::image_models {

// One place of the features is looked at, and the answer knows nothing of the others. How much a
// place matters is said by two linear layers, as in soft attention.
class HardNet : public ConvNet {
 public:
  HardNet(const image_tasks::ImageSizes& sizes, nn::Draw draw, Rng& rng);

 protected:
  Read read(const Variable& features) const override;

  // S draws for each image: features [B, C', Y', X'] -> context [B, S, 1, C'], S = samples
  nn::HardAttended choose(const Variable& features, Index samples) const;

 private:
  nn::Linear &project_, &score_;
  nn::HardAttention& attention_;
};

}  // namespace rapt::image_models
