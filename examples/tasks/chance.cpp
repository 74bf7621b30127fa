#include "examples/tasks/chance.h"

#include <algorithm>
#include <cmath>

namespace rapt::tasks {
namespace {

// The chance that none of the symbols is drawn more than `most` times.
double none_above(Index most, Index draws, Index symbols) {
  // within[n]: for n draws among the symbols so far, added one by one.
  std::vector<double> within(static_cast<std::size_t>(draws + 1), 0.0);
  for (Index n = 0; n <= std::min(most, draws); ++n) within[n] = 1;
  for (Index s = 2; s <= symbols; ++s)
    for (Index n = draws; n >= 0; --n) {
      double chance = 0;  // k of the n draws give the new symbol
      for (Index k = 0; k <= std::min(most, n); ++k)
        chance += binomial(n, k, 1.0 / static_cast<double>(s)) * within[n - k];
      within[n] = chance;
    }
  return within[draws];
}

}  // namespace

double binomial(Index n, Index k, double p) {
  const auto all = static_cast<double>(n), some = static_cast<double>(k);
  const double ways =
      std::exp(std::lgamma(all + 1) - std::lgamma(some + 1) - std::lgamma(all - some + 1));
  return ways * std::pow(p, some) * std::pow(1 - p, all - some);
}

Baseline guessing(Index classes) {
  return {"guessing", std::log(static_cast<double>(classes)), 1.0 / static_cast<double>(classes)};
}

Baseline knowing_counts(const std::string& name, Index draws, Index symbols) {
  const auto all = static_cast<double>(draws);
  double loss = 0;  // the mean entropy of the shares
  for (Index count = 1; count <= draws; ++count) {
    const double share = static_cast<double>(count) / all;
    loss -= static_cast<double>(symbols) * share * std::log(share) *
            binomial(draws, count, 1.0 / static_cast<double>(symbols));
  }
  double largest = 0;  // the mean of the largest count is the sum over m of P(largest > m)
  for (Index most = 0; most < draws; ++most) {
    const double above = 1 - none_above(most, draws, symbols);
    if (above < 1e-12) break;
    largest += above;
  }
  return {name, loss, largest / all};
}

}  // namespace rapt::tasks
