#pragma once
#include "tensor/scalar.h"

namespace rapt {

// How many pieces of `size` cover `count`, and how much they cover.
inline Index divide_up(Index count, Index size) { return (count + size - 1) / size; }
inline Index round_up(Index count, Index size) { return divide_up(count, size) * size; }

}  // namespace rapt
