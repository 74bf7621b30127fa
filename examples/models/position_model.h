#pragma once
#include "examples/models/model.h"
#include "nn/embedding.h"
#include "nn/linear.h"
#include "nn/mask.h"

namespace rapt::models {

// A model that says something at every position of its input: the front of them all. Symbols are
// embedded, numbers go through a linear layer. To translate, it reads source and answer as one
// sequence, from left to right:   . . s o u r c e <start> a n s w e   ->   a n s w e r
// with the sources at the right border of Sizes.length, so that all answers begin at one place.
class PositionModel : public SequenceModel {
 public:
  PositionModel(const ModelSpec& spec, Index dim, Rng& rng);

  Output operator()(const tasks::Batch& batch) const final;

 protected:
  // x [B, T, D], lengths [B] or empty -> logits [B, T, C]
  virtual Output answer(const Variable& x, const std::vector<Index>& lengths) const = 0;

  // Whether position t may see 0 .. t only.
  bool left_to_right() const { return sizes_.causal || sizes_.translates(); }
  // What each of T positions may look at. lengths [B] or empty -> [B, T, T]
  nn::Mask visible(Index steps, const std::vector<Index>& lengths) const;

 private:
  Ids joined(const tasks::Batch& batch) const;  // -> [B, T + M]

  tasks::Sizes sizes_;
  nn::Embedding* embedding_ = nullptr;
  nn::Linear* linear_ = nullptr;
};

}  // namespace rapt::models
