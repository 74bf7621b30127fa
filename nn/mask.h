#pragma once
#include <vector>

#include "tensor/tensor.h"

namespace rapt::nn {

// Which key each query may attend to. One polarity everywhere: true (1) = may attend.
// A mask has the shape [B, Tq, Tk]; an extent of 1 stands for all batches, queries or keys. All
// heads of an attention share it.
class Mask {
 public:
  Mask();                                // everything may be attended
  explicit Mask(const Tensor& allowed);  // [Tq, Tk] or [B, Tq, Tk] of 0 and 1; ValueError else

  // Query t may attend to keys 0 .. t: no look into the future. [1, T, T]
  static Mask causal(Index t) { return causal(t, t); }
  // The same where the queries are the last of the keys, the earlier ones having had their turn.
  // [1, Tq, Tk]
  static Mask causal(Index queries, Index keys);
  // A sliding window: query i may attend to key j where |i - j| < width. [1, T, T]
  static Mask window(Index t, Index width);
  // Keys at and beyond a sequence's length may not be attended. lengths [B] -> [B, 1, T]
  static Mask padding(const std::vector<Index>& lengths, Index t);

  // Both must allow. ShapeError if the shapes do not fit each other.
  Mask operator&(const Mask& other) const;

  bool allows_everything() const { return allowed_.size() == 1 && allowed_.item() != 0; }

  // 1 and 0 in a shape that broadcasts against scores [.., Tq, Tk] whose first axis, if there are
  // three or more, is the batch. ShapeError if the mask does not fit.
  Tensor against(const Shape& scores) const;

 private:
  Tensor allowed_;  // [B or 1, Tq or 1, Tk or 1]
};

}  // namespace rapt::nn
