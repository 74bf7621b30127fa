// Attention pooling: one learned query looks over the whole input, each position of which has gone
// through two linear layers by itself, and answers from what it found. No positions, no recurrence:
// the shortest path that there is from any input to the answer.
#include "autograd/ops.h"
#include "examples/models/position_model.h"
#include "examples/report/program.h"
#include "nn/pooling.h"

namespace rapt::models {
namespace {

class PoolModel : public PositionModel {
 public:
  PoolModel(const ModelSpec& spec, Index hidden, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        first_(child<nn::Linear>("first", spec.encoder.dim, hidden, rng)),
        second_(child<nn::Linear>("second", hidden, spec.encoder.dim, rng)),
        pooling_(child<nn::AttentionPooling>("pooling", spec.encoder.dim, hidden, rng)),
        head_(child<nn::Linear>("head", spec.encoder.dim, spec.sizes.classes, rng)) {
    if (left_to_right())
      throw report::UsageError(
          "--model: expected one that answers from left to right for such a task; pool looks over "
          "the whole input once");
  }

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    const Index batch = x.dim(0), steps = x.dim(1);
    const nn::Attended pooled = pooling_(second_(relu(first_(x))), lengths);
    const Variable said = head_(pooled.context);  // [B, C], the same at every position
    return {expand(reshape(said, {batch, 1, said.dim(1)}), {batch, steps, said.dim(1)}),
            {expand(reshape(pooled.weights, {batch, 1, 1, steps}), {batch, 1, steps, steps})}};
  }

 private:
  nn::Linear &first_, &second_;
  nn::AttentionPooling& pooling_;
  nn::Linear& head_;
};

const bool registered =
    register_matched<PoolModel>("pool", "attention pooling: one learned query, no order");

}  // namespace
}  // namespace rapt::models
