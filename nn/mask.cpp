#include "nn/mask.h"

#include <algorithm>

#include "tensor/elementwise.h"

namespace rapt::nn {

Mask::Mask() : allowed_({1, 1, 1}, 1) {}

Mask::Mask(const Tensor& allowed) : allowed_(allowed) {
  if (allowed.rank() == 2) allowed_ = allowed.reshape({1, allowed.dim(0), allowed.dim(1)});
  if (allowed_.rank() != 3)
    throw ShapeError(message("Mask: expected [Tq, Tk] or [B, Tq, Tk], got ", allowed.shape()));
  const std::vector<Scalar> values = allowed_.values();
  if (!std::all_of(values.begin(), values.end(), [](Scalar v) { return v == 0 || v == 1; }))
    throw ValueError("Mask: expected 1 (may attend) and 0 (may not), got another number");
}

Mask Mask::causal(Index queries, Index keys) {
  if (queries > keys)
    throw ValueError(message("Mask::causal: the queries are the last of the keys, so ", queries,
                             " queries need as many keys, got ", keys));
  Tensor allowed({1, queries, keys});
  for (Index query = 0; query < queries; ++query)
    std::fill_n(allowed.data() + query * keys, keys - queries + query + 1, Scalar(1));
  return Mask(allowed);
}

Mask Mask::window(Index t, Index width) {
  if (width < 1) throw ValueError(message("Mask::window: width must be at least 1, got ", width));
  Tensor allowed({1, t, t});
  for (Index query = 0; query < t; ++query) {
    const Index begin = std::max<Index>(0, query - width + 1), end = std::min(t, query + width);
    std::fill_n(allowed.data() + query * t + begin, end - begin, Scalar(1));
  }
  return Mask(allowed);
}

Mask Mask::padding(const std::vector<Index>& lengths, Index t) {
  Tensor allowed({static_cast<Index>(lengths.size()), 1, t});
  Scalar* row = allowed.data();
  for (const Index length : lengths) {
    if (length < 0 || length > t)
      throw ValueError(message("Mask::padding: length ", length, " does not lie in 0 .. ", t));
    std::fill_n(row, length, Scalar(1));
    row += t;
  }
  return Mask(allowed);
}

Mask Mask::operator&(const Mask& other) const {
  if (other.allows_everything()) return *this;
  return Mask(zip("Mask: &", allowed_, other.allowed_, [](Scalar a, Scalar b) { return a * b; }));
}

Tensor Mask::against(const Shape& scores) const {
  // [B, Tq, Tk] -> [B, 1, .., Tq, Tk]: the axes between batch and queries share the mask.
  Shape shape = allowed_.shape();
  while (shape.rank() < scores.rank()) shape.insert(1, 1);
  if (scores.rank() == 2 && shape[0] == 1) shape.erase(0);
  bool fits = shape.rank() == scores.rank();
  for (Index axis = 0; fits && axis < shape.rank(); ++axis)
    fits = shape[axis] == 1 || shape[axis] == scores[axis];
  if (!fits)
    throw ShapeError(message("Mask: a mask [B, Tq, Tk] of ", allowed_.shape(),
                             " does not fit scores [.., Tq, Tk] of ", scores));
  return allowed_.reshape(shape);
}

}  // namespace rapt::nn
