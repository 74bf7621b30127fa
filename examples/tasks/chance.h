#pragma once
#include "examples/tasks/task.h"

// Exact chances, for baselines.
namespace rapt::tasks {

// The chance that k of n tries succeed, each with chance p.
double binomial(Index n, Index k, double p);

// Who guesses among `classes` that are equally likely.
Baseline guessing(Index classes);

// `draws` symbols are drawn, all `symbols` equally likely, and one of the draws, no matter which,
// is the answer. What is reached by who knows how often each symbol was drawn, and not where: the
// answer is symbol s with chance (count of s) / draws.
Baseline knowing_counts(const std::string& name, Index draws, Index symbols);

}  // namespace rapt::tasks
