#include "examples/comparison/verdict.h"

#include <algorithm>
#include <cmath>

#include "examples/report/numbers.h"

namespace rapt::comparison {
namespace {

using report::fixed;
using report::percent;

bool solved(const Result& r) { return r.held_out.accuracy >= 0.995; }

bool at_baseline(const Result& r, const tasks::Baseline& baseline) {
  return std::abs(r.held_out.loss - baseline.loss) <= 0.01 * baseline.loss;
}

std::string loss_of(const Result& r) { return " (loss " + fixed(r.held_out.loss, 4) + ")"; }

// "attention solves it (100.0 %)", "rnn stays at no memory (loss 0.1733)"
std::string state(const Result& r, const tasks::Baseline& baseline, const std::string& verb) {
  if (r.stopped)
    return r.model + " had " + percent(r.held_out.accuracy) + " after " +
           std::to_string(r.curve.size()) + " steps" + loss_of(r);
  if (solved(r)) return r.model + " solves it (" + percent(r.held_out.accuracy) + ")";
  if (at_baseline(r, baseline)) return r.model + " stays at " + baseline.name + loss_of(r);
  return r.model + verb + percent(r.held_out.accuracy) + loss_of(r);
}

bool level(const Result& a, const Result& b) {
  return std::abs(a.held_out.accuracy - b.held_out.accuracy) < 0.01 &&
         std::abs(a.held_out.loss - b.held_out.loss) <=
             0.02 * std::max(a.held_out.loss, b.held_out.loss);
}

}  // namespace

std::string verdict(const TaskResult& outcome) {
  std::vector<Result> ranked = outcome.results;
  if (ranked.empty()) return "stopped before any model had finished";
  std::stable_sort(ranked.begin(), ranked.end(), [](const Result& a, const Result& b) {
    return a.held_out.loss < b.held_out.loss;
  });
  const bool stopped =
      std::any_of(ranked.begin(), ranked.end(), [](const Result& r) { return r.stopped; });
  const bool contest = ranked.size() > 1 && !stopped;
  const bool tie = contest && level(ranked[0], ranked[1]);
  std::string text = stopped ? "stopped early, no verdict: " : tie ? "level: " : "";
  for (std::size_t i = 0; i < ranked.size(); ++i)
    text += (i == 0 ? "" : "; ") + state(ranked[i], outcome.baselines[0],
                                         contest && !tie && i == 0 ? " leads with " : " reaches ");
  return text;
}

}  // namespace rapt::comparison
