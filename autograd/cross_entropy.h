#pragma once
#include "autograd/variable.h"
#include "tensor/ids.h"

namespace rapt {

// -log softmax(x)[target] of each row: x [.., V], targets [.., 1] -> [.., 1].
Variable surprise(const Variable& x, const Ids& targets);
Variable surprise_composed(const Variable& x, const Ids& targets);

}  // namespace rapt
