#pragma once
#include "nn/module.h"
#include "tensor/ids.h"
#include "tensor/random.h"

namespace rapt::nn {

// A table with one row of D numbers for each of V ids, drawn from a normal of mean 0.
class Embedding : public Module {
 public:
  Embedding(Index vocabulary, Index dim, Rng& rng, Scalar deviation = 1);

  // ids [..] -> [.., D]; IndexError if an id lies outside 0 .. V-1
  Variable operator()(const Ids& ids) const;

  // Weight tying (Press and Wolf 2017): the table read the other way, from features to one logit
  // for each id.   logits = x E^T   [Eq 12.10]
  // x [.., N, D] -> [.., N, V]
  Variable logits(const Variable& x) const;

  Variable weight;  // [V, D]
};

// Vaswani et al. 2017, section 3.4: the rows are about 1 long, which suits logits, and are read
// times sqrt(D), which makes their numbers about 1, the size of the positions added to them.
class ScaledEmbedding : public Embedding {
 public:
  ScaledEmbedding(Index vocabulary, Index dim, Rng& rng);

  // ids [..] -> [.., D]
  Variable operator()(const Ids& ids) const;
};

}  // namespace rapt::nn
