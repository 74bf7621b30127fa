#pragma once
#include "nn/cell.h"
#include "tensor/ids.h"

namespace rapt::nn {

// One step of a model that says a sequence token by token.
struct Next {
  Variable logits;   // [B, V], of the token to come
  State state;       // what the next step needs to know
  Variable weights;  // [B, S], where this step looked in the source; [B, 0] without a source
};

// A model that can be asked for the next token: a recurrent decoder, a Transformer with a cache of
// keys and values. What it carries is a list of tensors whose first axis is the batch, so that a
// search can drop, repeat and reorder sequences without knowing what they mean.
class Stepwise {
 public:
  virtual ~Stepwise() = default;
  // tokens [B], the last of each sequence so far
  virtual Next next(const Ids& tokens, const State& state) const = 0;
};

}  // namespace rapt::nn
