#include "nn/hard_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/elementwise.h"
#include "tensor/math.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

constexpr Scalar kNever = -std::numeric_limits<Scalar>::infinity();

HardOptions checked(const HardOptions& options) {
  if (!(options.temperature > 0) || std::isinf(options.temperature))
    throw ValueError(message("HardAttention: temperature must be finite and above 0, got ",
                             options.temperature));
  return options;
}

Tensor is_allowed(const Tensor& scores) {
  return map(scores, [](Scalar v) { return Scalar(v > kNever); });
}

// The largest of each row, [.., Tq, 1]; minus infinity where nothing may be attended.
Tensor largest_of(const Tensor& scores) {
  const Tensor largest = max(scores, -1, true);  // NaN if one of them is
  for (const Scalar v : largest.values())
    if (!(v < std::numeric_limits<Scalar>::infinity()))
      throw ValueError(message("HardAttention: expected scores below infinity, got ", v,
                               " in scores [.., Tq, Tk] of ", scores.shape()));
  return largest;
}

// The first key up to which the probabilities exceed `uniform`. Keys of probability 0 are passed
// over, so that none of them is chosen where rounding leaves the sum of all below `uniform`.
Index draw(const Scalar* probabilities, Index keys, double uniform) {
  double mass = 0;
  Index chosen = 0;
  for (Index k = 0; k < keys && mass <= uniform; ++k) {
    if (probabilities[k] == 0) continue;
    mass += probabilities[k];
    chosen = k;
  }
  return chosen;
}

// One number for every row, also where nothing may be attended: a mask changes no other row.
Ids draw_rows(const Tensor& probabilities, Rng& rng) {
  const Tensor rows = probabilities.contiguous();
  Ids choice = argmax(rows);
  for (std::size_t r = 0; r < choice.values.size(); ++r) {
    const Scalar* row = rows.base() + static_cast<Index>(r) * rows.dim(-1);
    choice.values[r] = static_cast<std::int32_t>(draw(row, rows.dim(-1), rng.uniform()));
  }
  return choice;
}

// -log(-log u) for u in (0, 1). Rounding u to a Scalar could make it 1, whose noise is infinite:
// what the rounding took is given back to the inner logarithm, to first order.
Scalar gumbel(Rng& rng) {
  double u;
  do u = rng.uniform();
  while (u == 0);
  const Scalar rounded = static_cast<Scalar>(u);
  const double exponential = -(log(rounded) + (u - rounded) / rounded);
  return -log(static_cast<Scalar>(exponential));
}

Tensor gumbel(const Shape& shape, Rng& rng) {
  Tensor noise = Tensor::uninitialized(shape);
  for (Index i = 0; i < noise.size(); ++i) noise.base()[i] = gumbel(rng);
  return noise;
}

// -1 in the rows where nothing may be attended.
void leave_unchosen(Ids& choice, const Tensor& any) {
  const std::vector<Scalar> choosable = any.values();
  for (std::size_t r = 0; r < choice.values.size(); ++r)
    if (choosable[r] == 0) choice.values[r] = -1;
}

// 1 at the choice of each row; rows without one stay 0.
Tensor one_hot(const Ids& choice, const Shape& shape) {
  Tensor weights(shape);
  for (std::size_t r = 0; r < choice.values.size(); ++r)
    if (choice.values[r] >= 0)
      weights.data()[static_cast<Index>(r) * shape.back() + choice.values[r]] = 1;
  return weights;
}

// x[.., Tq, choice[.., Tq]], 0 where there is no choice. [.., Tq]
Variable at_choice(const Variable& x, const Ids& choice, const Tensor& any) {
  Ids read = choice;
  read.shape.push_back(1);
  for (std::int32_t& id : read.values) id = std::max(id, 0);
  return reshape(where(any, gather(x, read, -1), Scalar(0)), choice.shape);
}

}  // namespace

HardAttention::HardAttention(const HardOptions& options, Rng& rng)
    : options_(checked(options)), rng_(rng.fork()) {}

HardAttended HardAttention::operator()(const Variable& scores, const Variable& v,
                                       const Mask& mask) const {
  expect_shape("HardAttention: scores [.., Tq, Tk]", scores, {kFront, kAny, kAny});
  expect_shape("HardAttention: v [.., Tk, E] for these scores", v, {kFront, scores.dim(-1), kAny});
  expect_at_least("HardAttention: Tk", scores.dim(-1), 1);
  const Variable allowed = masked(scores, mask);
  const Tensor any = is_allowed(largest_of(allowed.value()));  // [.., Tq, 1]
  const Variable probabilities = softmax(allowed);

  // Minus infinities throughout have no log_softmax; any other row will do in their place, as
  // nothing is read from it.
  const Variable log_probabilities = log_softmax(where(any, allowed, Scalar(0)));
  // 0 log 0 is 0, but in numbers it is 0 times infinity.
  const Variable finite_logs =
      where(is_allowed(log_probabilities.value()), log_probabilities, Scalar(0));
  const Variable entropy = sum(probabilities * -finite_logs, -1);

  Ids choice = argmax(allowed.value());
  std::optional<Variable> soft;  // what the gradient takes the choice for
  if (training() && options_.draw == Draw::monte_carlo)
    choice = draw_rows(probabilities.value(), rng_);
  if (training() && options_.draw == Draw::gumbel) {
    const Variable noisy = allowed + gumbel(scores.shape(), rng_);
    // Relative to the largest, which softmax does not see, no temperature is too low to divide by.
    const Tensor largest = where(any, max(noisy.value(), -1, true), Tensor());
    choice = argmax(noisy.value());
    soft = softmax((noisy - largest) / options_.temperature);
  }
  leave_unchosen(choice, any);

  const Variable hard = one_hot(choice, scores.shape());
  const Variable weights = soft ? (*soft - soft->detach()) + hard : hard;
  const Variable context = matmul(weights, v);
  return {{context, weights},
          probabilities,
          choice,
          at_choice(log_probabilities, choice, any),
          entropy};
}

Variable for_samples(const Variable& x, Index samples) {
  expect_shape("for_samples: x [B, M, N]", x, {kAny, kAny, kAny});
  expect_at_least("for_samples: samples", samples, 1);
  return expand(reshape(x, {x.dim(0), 1, x.dim(1), x.dim(2)}),
                {x.dim(0), samples, x.dim(1), x.dim(2)});
}

HardCrossAttention::HardCrossAttention(Index target_dim, Index source_dim, Rng& rng, Score score,
                                       const HardOptions& options)
    : CrossAttention(target_dim, source_dim, rng, score),
      choose_(child<HardAttention>("choose", options, rng)) {}

HardAttended HardCrossAttention::ask(const Variable& target, const Memory& memory) const {
  return choose_(scores(target, memory), memory.values, memory.mask);
}

}  // namespace rapt::nn
