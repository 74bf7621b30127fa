// Hard attention to one place that learns by REINFORCE: the places that gave a good answer become
// likelier. The reward is the log probability of the right class (Xu et al. 2015, section 4.1).
#include "autograd/ops.h"
#include "examples/image_models/hard_net.h"
#include "nn/reinforce.h"

namespace rapt::image_models {
namespace {

// Draws for each image: each costs a linear layer and no convolution. After 1000 steps among 8
// pieces one draw had reached an accuracy of 0.65, four 0.999, with the same seed.
constexpr Index kSamples = 4;
constexpr Scalar kEntropyBonus = Scalar(0.01);

class HardReinforceNet : public HardNet {
 public:
  HardReinforceNet(const image_tasks::ImageSizes& sizes, Rng& rng)
      : HardNet(sizes, nn::Draw::monte_carlo, rng),
        reinforce_(child<nn::Reinforce>(
            "reinforce", nn::ReinforceOptions{.entropy_bonus = kEntropyBonus}, rng)) {}

  Variable loss(const image_tasks::ImageBatch& batch) const override {
    const Variable features = look(batch.images);
    const Index size = features.dim(0);
    const nn::HardAttended chosen = choose(features, kSamples);
    const Variable logits = answer(reshape(chosen.context, {size, kSamples, features.dim(1)}));

    Ids labels{{size, kSamples, 1}, {}};
    for (const std::int32_t label : batch.labels.values)
      labels.values.insert(labels.values.end(), kSamples, label);
    const Variable reward = gather(log_softmax(logits), labels, -1);  // [B, S, 1]
    const Variable judged = reinforce_(reward, chosen.log_probability, chosen.entropy);
    return judged - mean(reward);
  }

 private:
  nn::Reinforce& reinforce_;
};

const bool registered =
    register_conv_net<HardReinforceNet>("hard", "hard attention: one place, by REINFORCE");

}  // namespace
}  // namespace rapt::image_models
