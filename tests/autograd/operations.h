#pragma once
// Every operation in one table: a new operation adds one row here. operations_gradients.cpp checks
// each row's derivatives, coverage_gradients.cpp that no operation is without a row.
#include "autograd/gradcheck.h"
#include "autograd/ops.h"
#include "nn/cell.h"
#include "tensor/elementwise.h"
#include "tensor/random.h"

namespace rapt {

using Inputs = const std::vector<Variable>&;

struct Operation {
  const char* name;
  Function f;
  std::vector<Shape> shapes;
  Scalar low = -2, high = 2;  // inputs are drawn from here
};

inline const Ids kIds{{2, 3}, {0, 3, 3, 1, 0, 3}};
inline const Ids kMiddle{{2, 1, 2}, {2, 0, 1, 1}};
inline const Ids kTargets{{2, 2, 1}, {2, 0, 3, 1}};
inline const Tensor kCondition({2, 3}, std::vector<Scalar>{1, 0, 1, 0, 0, 1});

// All steps of a cell in one operation: projected, weight_hh, (bias_hh,) and the initial state.
template <class Cell>
Variable run_cell(Inputs x, nn::Direction direction, const std::vector<Index>& lengths = {}) {
  Rng rng(1);
  Cell cell(1, x[1].dim(1), rng);
  cell.weight_hh = x[1];
  const bool biased = x[2].rank() == 1;
  if (biased) cell.bias_hh = x[2];
  const nn::State initial(x.begin() + (biased ? 3 : 2), x.end());
  return concat(*cell.run(x[0], initial, direction, lengths), 0);
}

inline const Tensor kVisible({2, 1, 4}, std::vector<Scalar>{1, 0, 1, 1, 0, 0, 0, 0});

// Which of 70 keys three queries may see: some, none, and those from 66 on.
inline Tensor visible_of_many() {
  Tensor allowed({3, 70});
  for (Index key = 0; key < 70; ++key) {
    allowed.data()[key] = key % 3 != 1;
    allowed.data()[2 * 70 + key] = key >= 66;
  }
  return allowed;
}

inline const std::vector<Operation> kOperations{
    {"add", [](Inputs x) { return x[0] + x[1]; }, {{2, 3}, {3}}},
    {"sub", [](Inputs x) { return x[0] - x[1]; }, {{2, 1}, {2, 3}}},
    {"mul", [](Inputs x) { return x[0] * x[1]; }, {{2, 3}, {2, 1}}},
    {"mul_outer", [](Inputs x) { return x[0] * x[1]; }, {{4, 1}, {1, 3}}},
    {"mul_itself", [](Inputs x) { return x[0] * x[0]; }, {{2, 3}}},
    {"div", [](Inputs x) { return x[0] / x[1]; }, {{2, 3}, {3}}, 0.5, 2},
    {"shift", [](Inputs x) { return 3 - x[0]; }, {{2, 3}}},
    {"scale", [](Inputs x) { return x[0] * 3; }, {{2, 3}}},
    {"negative", [](Inputs x) { return -x[0]; }, {{2, 3}}},
    {"div_by_number", [](Inputs x) { return x[0] / 3; }, {{2, 3}}},
    {"number_div", [](Inputs x) { return 3 / x[0]; }, {{2, 3}}, 0.5, 2},

    {"exp", [](Inputs x) { return exp(x[0]); }, {{2, 3}}},
    {"log", [](Inputs x) { return log(x[0]); }, {{2, 3}}, 0.5, 3},
    {"tanh", [](Inputs x) { return tanh(x[0]); }, {{2, 3}}},
    {"sigmoid", [](Inputs x) { return sigmoid(x[0]); }, {{2, 3}}},
    {"relu", [](Inputs x) { return relu(x[0]); }, {{3, 5}}},
    {"gelu", [](Inputs x) { return gelu(x[0]); }, {{3, 5}}},
    {"erf", [](Inputs x) { return erf(x[0]); }, {{2, 3}}},
    {"sqrt", [](Inputs x) { return sqrt(x[0]); }, {{2, 3}}, 0.5, 3},
    {"abs", [](Inputs x) { return abs(x[0]); }, {{3, 5}}},
    {"pow", [](Inputs x) { return pow(x[0], 2.5); }, {{2, 3}}, 0.5, 2},
    {"pow_square", [](Inputs x) { return pow(x[0], 2); }, {{2, 3}}},
    {"clamp", [](Inputs x) { return clamp(x[0], -1, 0.5); }, {{4, 5}}},

    {"reshape",
     [](Inputs x) {
       return reshape(x[0], {3, -1});
     },
     {{2, 3, 2}}},
    {"permute",
     [](Inputs x) {
       return permute(x[0], {2, 0, 1});
     },
     {{2, 3, 4}}},
    {"transpose", [](Inputs x) { return transpose(x[0], 0, -1); }, {{2, 3, 4}}},
    {"expand",
     [](Inputs x) {
       return expand(x[0], {4, 2, 3});
     },
     {{2, 1}}},
    {"sum_to",
     [](Inputs x) {
       return sum_to(x[0], {2, 1});
     },
     {{4, 2, 3}}},
    {"slice", [](Inputs x) { return slice(x[0], 1, 1, 3); }, {{2, 4, 2}}},
    {"slice_step", [](Inputs x) { return slice(x[0], 1, 1, 6, 2); }, {{2, 7, 2}}},
    {"slice_step_overlapping",
     [](Inputs x) { return slice(x[0], 0, 0, 5, 2) * slice(x[0], 0, 2, 7, 2) + x[1]; },
     {{7, 2}, {3, 2}}},
    {"slice_overlapping",
     [](Inputs x) { return slice(x[0], 1, 0, 3) * (slice(x[0], 1, 1, 4) + x[1]); },
     {{2, 4}, {3}}},
    {"slice_read_back",  // its gradient's gradient: the adjoint of placing a part among zeros
     [](Inputs x) {
       const GradMode on(true);
       const Variable placed = grad(slice(x[0], 1, 1, 3), {x[0]}, x[1], true)[0];
       return grad(placed, {x[1]}, x[2], true)[0];
     },
     {{2, 4}, {2, 2}, {2, 4}}},
    {"as_rows", [](Inputs x) { return as_rows(x[0]); }, {{2, 3, 2}}},
    {"select", [](Inputs x) { return select(x[0], -2, 1); }, {{2, 3, 2}}},
    {"concat",
     [](Inputs x) {
       return concat({x[0], x[1], x[0]}, 1);
     },
     {{2, 1, 2}, {2, 3, 2}}},
    {"stack",
     [](Inputs x) {
       return stack({x[0], x[1], x[0]}, -1);
     },
     {{2, 3}, {2, 3}}},

    {"sum", [](Inputs x) { return sum(x[0]); }, {{2, 3}}},
    {"sum_axis", [](Inputs x) { return sum(x[0], 1); }, {{2, 3, 4}}},
    {"mean", [](Inputs x) { return mean(x[0]); }, {{2, 3}}},
    {"mean_axis", [](Inputs x) { return mean(x[0], 0, true); }, {{2, 3, 4}}},
    {"max", [](Inputs x) { return max(x[0], 1); }, {{2, 3, 4}}},
    {"max_last", [](Inputs x) { return max(x[0], -1, true); }, {{2, 20}}},
    {"softmax", [](Inputs x) { return softmax(x[0]); }, {{2, 4}}},
    {"softmax_axis", [](Inputs x) { return softmax(x[0], 1); }, {{2, 4, 3}}},
    {"masked_softmax", [](Inputs x) { return masked_softmax(x[0], kVisible); }, {{2, 3, 4}}},
    {"masked_softmax_composed",
     [](Inputs x) { return masked_softmax_composed(x[0], kVisible); },
     {{2, 3, 4}}},
    {"log_softmax", [](Inputs x) { return log_softmax(x[0]); }, {{2, 20}}},
    {"log_softmax_axis", [](Inputs x) { return log_softmax(x[0], 0); }, {{4, 3}}},
    {"logsumexp", [](Inputs x) { return logsumexp(x[0], 1); }, {{2, 4, 3}}},
    {"logsumexp_keep", [](Inputs x) { return logsumexp(x[0], -1, true); }, {{2, 4}}},
    {"normalize_composed", [](Inputs x) { return normalize_composed(x[0]); }, {{3, 6}}},
    {"normalize", [](Inputs x) { return normalize(x[0]); }, {{3, 6}}},
    {"normalize_long", [](Inputs x) { return normalize(x[0]); }, {{2, 19}}},
    {"layer_norm", [](Inputs x) { return layer_norm(x[0], x[1], x[2]); }, {{2, 3, 5}, {5}, {5}}},
    {"layer_norm_composed",
     [](Inputs x) { return layer_norm_composed(x[0], x[1], x[2]); },
     {{3, 6}, {6}, {6}}},

    {"linear", [](Inputs x) { return linear(x[0], x[1], x[2]); }, {{2, 3, 4}, {5, 4}, {5}}},
    {"linear_composed",
     [](Inputs x) { return linear_composed(x[0], x[1], x[2]); },
     {{3, 4}, {2, 4}, {2}}},
    {"surprise", [](Inputs x) { return surprise(x[0], kTargets); }, {{2, 2, 4}}},
    {"surprise_composed", [](Inputs x) { return surprise_composed(x[0], kTargets); }, {{2, 2, 4}}},
    {"matmul", [](Inputs x) { return matmul(x[0], x[1]); }, {{3, 4}, {4, 2}}},
    {"matmul_batch", [](Inputs x) { return matmul(x[0], x[1]); }, {{2, 3, 4}, {2, 4, 2}}},
    {"matmul_shared", [](Inputs x) { return matmul(x[0], x[1]); }, {{2, 3, 4}, {4, 2}}},
    {"matmul_broadcast", [](Inputs x) { return matmul(x[0], x[1]); }, {{3, 1, 2, 4}, {2, 4, 2}}},
    {"matmul_transposed",
     [](Inputs x) { return matmul(transpose(x[0]), transpose(x[1])); },
     {{2, 4, 3}, {2, 4}}},
    {"rnn",
     [](Inputs x) { return run_cell<nn::RNNCell>(x, nn::Direction::forward); },
     {{2, 3, 2}, {2, 2}, {2, 2}}},
    {"rnn_padded",
     [](Inputs x) {
       return run_cell<nn::RNNCell>(x, nn::Direction::backward, {1, 2});
     },
     {{2, 2, 2}, {2, 2}, {2, 2}}},
    {"lstm",
     [](Inputs x) {
       return run_cell<nn::LSTMCell>(x, nn::Direction::backward, {2, 1});
     },
     {{2, 2, 8}, {8, 2}, {2, 2}, {2, 2}}},
    {"gru",
     [](Inputs x) { return run_cell<nn::GRUCell>(x, nn::Direction::forward); },
     {{2, 2, 6}, {6, 2}, {6}, {2, 2}}},
    {"gru_padded",
     [](Inputs x) {
       return run_cell<nn::GRUCell>(x, nn::Direction::forward, {0, 2});
     },
     {{2, 2, 6}, {6, 2}, {6}, {2, 2}}},
    {"attention",
     [](Inputs x) { return attention(x[0], x[1], x[2], Tensor({}, 1), 0.5); },
     {{2, 2, 1}, {2, 66, 1}, {66, 1}}},
    {"attention_masked",
     [](Inputs x) { return attention(x[0], x[1], x[2], visible_of_many(), 2); },
     {{3, 2}, {70, 2}, {70, 1}}},
    {"attention_short",
     [](Inputs x) { return attention(x[0], x[1], x[2], kVisible, 0.5); },
     {{2, 3, 2}, {2, 4, 2}, {2, 4, 3}}},
    {"attention_composed",
     [](Inputs x) { return attention_composed(x[0], x[1], x[2], kVisible, 0.5); },
     {{2, 3, 2}, {2, 4, 2}, {2, 4, 3}}},
    {"embedding", [](Inputs x) { return embedding(x[0], kIds); }, {{4, 3}}},
    {"gather", [](Inputs x) { return gather(x[0], kIds, 1); }, {{2, 4}}},
    {"gather_middle", [](Inputs x) { return gather(x[0], kMiddle, 1); }, {{2, 3, 2}}},
    {"convolve",
     [](Inputs x) { return convolve(x[0], x[1], {.kernel = 2}); },
     {{2, 2, 3, 4}, {3, 2, 2, 2}}},
    {"convolve_grouped",
     [](Inputs x) {
       return convolve(x[0], x[1], {.kernel = {2, 3}, .stride = {1, 2}, .padding = {0, 1}}, 2);
     },
     {{2, 4, 3, 4}, {2, 2, 2, 3}}},
    {"convolve_dilated",
     [](Inputs x) {
       return convolve(x[0], x[1], {.kernel = {3, 2}, .dilation = {1, 2}, .padding = {2, 1}});
     },
     {{3, 1, 2, 3}, {2, 1, 3, 2}}},
    {"convolve_composed",
     [](Inputs x) { return convolve_composed(x[0], x[1], {.kernel = 2}, 2); },
     {{2, 2, 3, 3}, {4, 1, 2, 2}}},
    {"unfold", [](Inputs x) { return unfold(x[0], {.kernel = 2}); }, {{2, 2, 3, 4}}},
    {"unfold_strided",
     [](Inputs x) {
       return unfold(x[0], {.kernel = {2, 3}, .stride = {1, 2}, .padding = {0, 1}});
     },
     {{2, 1, 3, 4}}},
    {"unfold_dilated",
     [](Inputs x) {
       return unfold(x[0], {.kernel = {3, 2}, .dilation = {1, 2}, .padding = {2, 1}}, 3);
     },
     {{1, 2, 2, 3}}},
    {"where", [](Inputs x) { return where(kCondition, x[0], x[1]); }, {{2, 3}, {3}}},
};

inline std::vector<Variable> random_inputs(const Operation& operation) {
  Rng rng(1);
  std::vector<Variable> inputs;
  for (const Shape& shape : operation.shapes) {
    const Tensor unit = uniform(shape, 1, rng);
    inputs.emplace_back(map(unit,
                            [&](Scalar u) {
                              return operation.low + (operation.high - operation.low) * (u + 1) / 2;
                            }),
                        true);
  }
  return inputs;
}

}  // namespace rapt
