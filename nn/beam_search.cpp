#include "nn/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "nn/expect.h"
#include "tensor/math.h"

namespace rapt::nn {
namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();

struct Candidate {
  Index beam, token;
  Scalar log_probability;  // of the beam and the token
};

// The most probable ways to continue any of the beams by one token, the best first. Each beam's own
// are sorted by what the model says of the token alone: added to the beam's sum, two that differ
// may round to the same.
std::vector<Candidate> continuations(const std::vector<Decoded>& beams, const Tensor& log_p,
                                     Index count) {
  const Index vocabulary = log_p.dim(1);
  std::vector<Candidate> all;
  for (std::size_t beam = 0; beam < beams.size(); ++beam) {
    const Index b = static_cast<Index>(beam);
    const Scalar* row = log_p.data() + b * vocabulary;
    for (const Index token : largest(row, vocabulary, count))
      if (row[token] > -kInfinity)
        all.push_back({b, token, beams[beam].log_probability + row[token]});
  }
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return a.log_probability > b.log_probability;
  });
  if (static_cast<Index>(all.size()) > count) all.resize(static_cast<std::size_t>(count));
  return all;
}

void sort_by_score(std::vector<Decoded>& hypotheses) {
  std::stable_sort(hypotheses.begin(), hypotheses.end(),
                   [](const Decoded& a, const Decoded& b) { return a.score > b.score; });
}

// Whether no beam can reach the results any more. The first beam is the most probable.
bool decided(const std::vector<Decoded>& hypotheses, const std::vector<Decoded>& beams,
             Scalar mildest, Index results) {
  if (static_cast<Index>(hypotheses.size()) < results) return false;
  return beams[0].log_probability / mildest <= hypotheses[results - 1].score;
}

void expect_valid(const Limits& limits, const BeamOptions& options) {
  expect_at_least("beam_search: longest", limits.longest, 1);
  expect_at_least("beam_search: width", options.width, 1);
  expect_at_least("beam_search: results", options.results, 1);
  if (!(options.length_penalty >= 0) || std::isinf(options.length_penalty))
    throw ValueError(message("beam_search: length_penalty must be finite and at least 0, got ",
                             options.length_penalty));
}

}  // namespace

Scalar length_penalty(Index length, Scalar alpha) {
  return exp(alpha * log(static_cast<Scalar>(5 + length) / 6));
}

std::vector<Decoded> beam_search(const Stepwise& model, const State& state, const Limits& limits,
                                 const BeamOptions& options) {
  expect_one_sequence("beam_search", state);
  expect_valid(limits, options);
  const NoGrad off;
  // The best that a beginning can become: certain of all that follows, and as long as may be.
  const Scalar mildest = length_penalty(limits.longest, options.length_penalty);
  std::vector<Decoded> hypotheses, beams(1);
  State carried = state;
  std::vector<std::int32_t> last{limits.start};
  for (Index length = 1; length <= limits.longest; ++length) {
    const auto count = static_cast<Index>(beams.size());
    const Next next = model.next({{count}, last}, carried);
    const Tensor log_p = log_probabilities("beam_search", next, count, limits);
    const Scalar penalty = length_penalty(length, options.length_penalty);
    std::vector<Decoded> longer;
    std::vector<std::int32_t> rows;
    last.clear();
    for (const Candidate& c : continuations(beams, log_p, options.width)) {
      Decoded sequence = beams[c.beam];
      sequence.log_probability = c.log_probability;
      sequence.score = c.log_probability / penalty;
      sequence.ended = c.token == limits.end;
      if (sequence.ended) {
        hypotheses.push_back(sequence);
        continue;
      }
      say(sequence, c.token, next.weights.value(), c.beam);
      longer.push_back(sequence);
      rows.push_back(static_cast<std::int32_t>(c.beam));
      last.push_back(c.token);
    }
    beams = std::move(longer);
    sort_by_score(hypotheses);
    if (beams.empty() || decided(hypotheses, beams, mildest, options.results)) break;
    carried = select_rows(next.state, rows);
  }
  hypotheses.insert(hypotheses.end(), beams.begin(), beams.end());  // best first, of one length
  if (static_cast<Index>(hypotheses.size()) > options.results) hypotheses.resize(options.results);
  return hypotheses;
}

}  // namespace rapt::nn
