#include "tensor/math.h"

#if !RAPT_DOUBLE

namespace rapt::detail {

const float kExpLow = -176.0f, kExpHigh = 89.0f;

}  // namespace rapt::detail

#endif
