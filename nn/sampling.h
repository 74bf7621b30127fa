#pragma once
#include "tensor/ids.h"
#include "tensor/random.h"

namespace rapt::nn {

// What is drawn from: first the temperature, then the k likeliest, then of those the nucleus.
struct SamplingOptions {
  Scalar temperature = 1;  // 0: always the likeliest
  Index top_k = 0;         // only the k likeliest tokens (Fan et al. 2018); 0: all
  Scalar top_p = 1;        // only the nucleus: the likeliest whose mass reaches p
};

// One token of each row, drawn with the probability
//   p_i = e^(x_i / temperature) / sum_j e^(x_j / temperature)   [Eq 13.3]
// among the fewest likeliest tokens N with sum_(i in N) p_i >= top_p   [Eq 13.4]
// (Holtzman et al. 2020, section 3.1), rescaled to sum to 1. Of equal logits the lower id counts as
// likelier. Draws one number for each row, and none at temperature 0.
// logits [B, V] -> [B]
Ids sample(const Tensor& logits, const SamplingOptions& options, Rng& rng);

// Refuses logits [B, V] that leave a row without a choice: NaN, or minus infinity throughout.
void expect_choice(const char* what, const Tensor& logits);

// The positions of the `count` largest of n numbers, the largest first, of equal ones the first.
std::vector<Index> largest(const Scalar* x, Index n, Index count);

}  // namespace rapt::nn
