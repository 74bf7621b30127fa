// A bag of embeddings: the mean of all that a position may see, whatever its order, and two linear
// layers (Iyyer et al. 2015). It is the attention that looks everywhere alike.
#include "autograd/ops.h"
#include "examples/models/position_model.h"
#include "nn/attention.h"

namespace rapt::models {
namespace {

class BagModel : public PositionModel {
 public:
  BagModel(const ModelSpec& spec, Index hidden, Rng& rng)
      : PositionModel(spec, spec.encoder.dim, rng),
        hidden_(child<nn::Linear>("hidden", spec.encoder.dim, hidden, rng)),
        head_(child<nn::Linear>("head", hidden, spec.sizes.classes, rng)) {}

 protected:
  Output answer(const Variable& x, const std::vector<Index>& lengths) const override {
    const Index steps = x.dim(1);
    const Variable alike = Tensor({x.dim(0), steps, steps});
    return {head_(relu(hidden_(nn::attend(alike, x, visible(steps, lengths)).context))), {}};
  }

 private:
  nn::Linear &hidden_, &head_;
};

const bool registered = register_matched<BagModel>("bag", "mean of the embeddings, blind to order");

}  // namespace
}  // namespace rapt::models
