#pragma once
#include "tensor/tensor.h"

namespace rapt {

// y = softmax(scale q k^T) v over the keys that `allowed` (1 and 0, broadcast against [.., Tq, Tk])
// leaves, without ever holding [.., Tq, Tk] numbers: the scores are made block by block. Softmax
// needs the largest score of a row and a sum over the row; both are kept running, and what was
// mixed so far is scaled down when a larger score turns up [Eq 17.3] (Milakov and Gimelshein 2018;
// Dao et al. 2022, algorithm 1). A row that may attend to nothing gets zeros; blocks hidden as a
// whole cost nothing.
// q [.., Tq, D], k [.., Tk, D], v [.., Tk, E] -> y [.., Tq, E]; the axes in front broadcast.
struct Attention {
  Tensor y;
  // The weight of key j for query i is e^(score_ij - largest_i) * inverse_total_i. (Their logarithm
  // log total + largest would do, but of scores near 1e4 it has no digits to spare.)
  Tensor largest, inverse_total;  // [.., Tq, 1]
};
Attention attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& allowed,
                    Scalar scale);

// The gradients from g = dL/dy, the blocks of scores made once more (Dao et al. 2022, algorithm 4):
//   w_ij  = e^(score_ij - largest_i) * inverse_total_i
//   ds_ij = w_ij (sum_e g_ie v_je - sum_e g_ie y_ie)   [Eq 17.4]
//   dq = scale ds k      dk = scale ds^T q      dv = w^T g
// Their axes in front are those of y.
struct AttentionGradients {
  Tensor q, k, v;
};
AttentionGradients attention_gradients(const Tensor& g, const Attention& forward, const Tensor& q,
                                       const Tensor& k, const Tensor& v, const Tensor& allowed,
                                       Scalar scale);

}  // namespace rapt
