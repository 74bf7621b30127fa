#pragma once
#include "tensor/scalar.h"

namespace rapt::optim {

// Factors on the learning rate for step 0, 1, ..; multiply them to combine. Negative arguments and
// a warm-up beyond the total are refused with a ValueError.

// 1/warmup, 2/warmup, .. 1, then 1.
double linear_warmup(Index step, Index warmup);

// From 1 down to `floor` along half a cosine between the steps `warmup` and `total`; 1 before.
// [Eq 3.9]
double cosine(Index step, Index total, Index warmup = 0, double floor = 0);

// Vaswani et al. 2017, section 5.3: 1 up to step `warmup`, then sqrt(warmup / (step + 1)).
// [Eq 3.10]
double inverse_square_root(Index step, Index warmup);

}  // namespace rapt::optim
