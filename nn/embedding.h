#pragma once
#include "nn/module.h"
#include "tensor/ids.h"
#include "tensor/random.h"

namespace rapt::nn {

// A table with one row of D numbers for each of V ids, drawn from a standard normal.
class Embedding : public Module {
 public:
  Embedding(Index vocabulary, Index dim, Rng& rng);

  // ids [..] -> [.., D]; IndexError if an id lies outside 0 .. V-1
  Variable operator()(const Ids& ids) const;

  Variable weight;  // [V, D]
};

}  // namespace rapt::nn
