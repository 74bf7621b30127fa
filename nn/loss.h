#pragma once
#include "autograd/variable.h"
#include "tensor/ids.h"

namespace rapt::nn {

// A target of this value does not count: padding, or a position nobody asks about.
inline constexpr std::int32_t kIgnored = -1;

// Cross entropy between the softmax of the logits and the targets, averaged over the targets that
// are not ignored.   L = -mean log softmax(logits)[target]   [Eq 3.2]
// Label smoothing e (Szegedy et al. 2016, section 7) moves a share e of each target's weight to
// all V classes evenly. If all targets are ignored, the loss and its gradient are 0.
// logits [.., V], targets [..] -> []
Variable cross_entropy(const Variable& logits, const Ids& targets, Scalar smoothing = 0);

// L = mean (x - y)^2 over all elements.   [Eq 3.3]
// prediction [..], target [..] of the same shape -> []
Variable mean_squared_error(const Variable& prediction, const Variable& target);

}  // namespace rapt::nn
