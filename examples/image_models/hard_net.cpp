#include "examples/image_models/hard_net.h"

#include "autograd/ops.h"
#include "nn/pool2d.h"

namespace rapt::image_models {

HardNet::HardNet(const image_tasks::ImageSizes& sizes, nn::Draw draw, Rng& rng)
    : ConvNet(sizes, rng),
      project_(child<nn::Linear>("project", features(), features(), rng)),
      score_(child<nn::Linear>("score", features(), 1, rng)),
      attention_(child<nn::HardAttention>("attention", nn::HardOptions{.draw = draw}, rng)) {}

nn::HardAttended HardNet::choose(const Variable& features, Index samples) const {
  const Variable places = nn::by_place(features);
  const Variable scores = transpose(score_(tanh(project_(places))));  // [B, 1, Y' X']
  const Variable asked = nn::for_samples(scores, samples);
  const Variable values = nn::for_samples(places, samples);
  return attention_(asked, values);
}

ConvNet::Read HardNet::read(const Variable& features) const {
  const Index batch = features.dim(0);
  const nn::HardAttended one = choose(features, 1);
  return {.summary = reshape(one.context, {batch, features.dim(1)}),
          .places = one.probabilities.value().reshape({batch, features.dim(2), features.dim(3)})};
}

}  // namespace rapt::image_models
