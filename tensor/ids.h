#pragma once
#include <cstdint>
#include <vector>

#include "tensor/shape.h"

namespace rapt {

// Token ids, class labels, positions: as many whole numbers as the shape has elements, row by row.
// Not a Tensor, because nothing differentiates through them.
struct Ids {
  Shape shape;
  std::vector<std::int32_t> values;
};

}  // namespace rapt
