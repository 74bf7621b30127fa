#pragma once
#include "nn/decoding.h"

namespace rapt::nn {

struct BeamOptions {
  Index width = 4;              // sequences kept at each step; it may exceed V
  Scalar length_penalty = 0.6;  // alpha below; at 0 the most probable sequence is best
  Index results = 1;            // hypotheses returned, at most
};

// What a log-probability is divided by to become a score, so that long sequences, which multiply
// more probabilities, are not at a loss (Wu et al. 2016, section 7). The length counts the end.
//   lp(Y) = ((5 + |Y|) / 6)^alpha   [Eq 13.2]
Scalar length_penalty(Index length, Scalar alpha);

// Keeps the `width` most probable beginnings at each step instead of the best one; they run as one
// batch. One that ends leaves the beam and becomes a hypothesis. The search is over when nothing in
// the beam could still reach the results, or at the longest; what has not ended there stands
// behind what has, because the probability of a beginning is that of all its ends together.
// Width 1 is greedy.
// state of one sequence -> hypotheses, the best score first
std::vector<Decoded> beam_search(const Stepwise& model, const State& state, const Limits& limits,
                                 const BeamOptions& options = {});

}  // namespace rapt::nn
