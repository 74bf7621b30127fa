// A recurrent network that sees the image through four small glimpses and chooses where to look
// next (Mnih et al. 2014). The choices learn by REINFORCE: the reward is 1 for the right answer.
#include "autograd/ops.h"
#include "examples/image_models/image_model.h"
#include "nn/glimpse.h"
#include "nn/reinforce.h"
#include "tensor/reduce.h"

namespace rapt::image_models {
namespace {

// Two patches, 7 x 7 and 14 x 14 pixels, so that a glimpse knows something of what lies beside it.
constexpr Index kSize = 7, kScales = 2, kHidden = 64;
constexpr Scalar kDeviation = Scalar(0.3);
constexpr Scalar kShare = Scalar(0.1);  // of the choice in the loss

class GlimpseModel : public ImageModel {
 public:
  GlimpseModel(const image_tasks::ImageSizes& sizes, Rng& rng)
      : network_(child<nn::GlimpseNetwork>("network",
                                           nn::GlimpseOptions{.channels = sizes.channels,
                                                              .classes = sizes.classes,
                                                              .size = kSize,
                                                              .scales = kScales,
                                                              .hidden = kHidden,
                                                              .deviation = kDeviation},
                                           rng)),
        reinforce_(child<nn::Reinforce>(
            "reinforce",
            nn::ReinforceOptions{.baseline = nn::Baseline::learned, .features = kHidden}, rng)) {}

  ImageOutput operator()(const Tensor& images) const override {
    const nn::Glimpsed seen = network_(images);
    return {.logits = seen.logits, .glimpses = seen.centres, .glimpse_size = kSize};
  }

  Variable loss(const image_tasks::ImageBatch& batch) const override {
    const nn::Glimpsed seen = network_(batch.images);
    const Shape choices = seen.log_probability.shape();  // [B, N - 1]
    const Ids said = argmax(seen.logits.value());
    Tensor right({choices[0], 1});
    for (std::size_t b = 0; b < said.values.size(); ++b)
      right.data()[b] = said.values[b] == batch.labels.values[b] ? 1 : 0;
    const Variable answered = nn::cross_entropy(seen.logits, batch.labels);
    // A draw with one deviation has one entropy, which nobody can change.
    const Variable looked =
        reinforce_(right.expand(choices), seen.log_probability, Tensor(choices), seen.states);
    return answered + kShare * looked;
  }

 private:
  nn::GlimpseNetwork& network_;
  nn::Reinforce& reinforce_;
};

const bool registered = register_image_model(
    {"glimpses", "four small glimpses, one after the other, chosen by REINFORCE",
     [](const image_tasks::ImageSizes& sizes, Rng& rng) -> std::unique_ptr<ImageModel> {
       return std::make_unique<GlimpseModel>(sizes, rng);
     }});

}  // namespace
}  // namespace rapt::image_models
