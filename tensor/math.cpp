#include "tensor/math.h"

#if !RAPT_DOUBLE

namespace rapt::detail {

const float kExpLow = -105.0f, kExpHigh = 89.0f, kExpZero = -176.0f;

}  // namespace rapt::detail

#endif
