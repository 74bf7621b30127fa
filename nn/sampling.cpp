#include "nn/sampling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nn/expect.h"
#include "tensor/math.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

void expect_valid(const SamplingOptions& options) {
  if (!(options.temperature >= 0) || std::isinf(options.temperature))
    throw ValueError(
        message("sample: temperature must be finite and at least 0, got ", options.temperature));
  expect_at_least("sample: top_k", options.top_k, 0);
  if (!(options.top_p > 0 && options.top_p <= 1))
    throw ValueError(message("sample: top_p must lie in (0, 1], got ", options.top_p));
}

Index draw(const Scalar* logits, Index vocabulary, const SamplingOptions& options, Rng& rng) {
  const Index most = options.top_k == 0 ? vocabulary : std::min(options.top_k, vocabulary);
  const std::vector<Index> kept = largest(logits, vocabulary, most);
  // mass[i]: of the tokens up to the i-th. In double, so that rounding favours no token.
  std::vector<double> mass;
  double total = 0;
  for (const Index i : kept) {
    total += exp((logits[i] - logits[kept[0]]) / options.temperature);
    mass.push_back(total);
  }
  const auto nucleus = std::lower_bound(mass.begin(), mass.end(), options.top_p * total);
  const double point = rng.uniform() * *nucleus;  // below *nucleus, as uniform() is below 1
  return kept[std::upper_bound(mass.begin(), nucleus, point) - mass.begin()];
}

}  // namespace

Ids sample(const Tensor& logits, const SamplingOptions& options, Rng& rng) {
  expect_shape("sample: logits [B, V]", logits.shape(), {kAny, kAny});
  expect_valid(options);
  expect_choice("sample", logits);
  if (options.temperature == 0) return argmax(logits);
  const Tensor rows = logits.contiguous();
  const Index vocabulary = rows.dim(1);
  Ids chosen{{rows.dim(0)}, {}};
  for (Index r = 0; r < rows.dim(0); ++r) {
    const Index token = draw(rows.base() + r * vocabulary, vocabulary, options, rng);
    chosen.values.push_back(static_cast<std::int32_t>(token));
  }
  return chosen;
}

void expect_choice(const char* what, const Tensor& logits) {
  const Tensor best = max(logits, -1);  // NaN if one of them is
  for (const Scalar v : best.values())
    if (!std::isfinite(v))
      throw ValueError(message(what, ": expected a largest logit that is a number, got ", v,
                               " in logits [B, V] of ", logits.shape()));
}

std::vector<Index> largest(const Scalar* x, Index n, Index count) {
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  const auto end = order.begin() + std::min(n, count);
  std::partial_sort(order.begin(), end, order.end(),
                    [x](Index a, Index b) { return x[a] > x[b] || (x[a] == x[b] && a < b); });
  order.erase(end, order.end());
  return order;
}

}  // namespace rapt::nn
