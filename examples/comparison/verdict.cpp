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

std::string figures(const Result& r) {
  return percent(r.held_out.accuracy) + ", loss " + fixed(r.held_out.loss, 4);
}

// "the rnn sits on the line of no memory (loss 0.1733)"
std::string state(const Result& r, const tasks::Baseline& baseline) {
  std::string text = r.model;
  if (solved(r))
    text += " solves it (" + figures(r) + ")";
  else if (at_baseline(r, baseline))
    text += " stays on the line of " + baseline.name + " (" + figures(r) + ")";
  else
    text += " reaches " + figures(r);
  return text;
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
  std::sort(ranked.begin(), ranked.end(),
            [](const Result& a, const Result& b) { return a.held_out.loss < b.held_out.loss; });
  std::string text;
  if (ranked.size() > 1)
    text = level(ranked[0], ranked[1]) ? "level: " : ranked[0].model + " is ahead: ";
  for (std::size_t i = 0; i < ranked.size(); ++i)
    text += (i == 0 ? "" : "; ") + state(ranked[i], outcome.baseline);
  for (const Result& r : ranked)
    if (r.stopped) text += "; " + r.model + " was stopped early";
  return text;
}

}  // namespace rapt::comparison
