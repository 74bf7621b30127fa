#include "nn/decoding.h"

#include "autograd/ops.h"
#include "nn/expect.h"
#include "tensor/lookup.h"
#include "tensor/reduce.h"

namespace rapt::nn {
namespace {

void expect_token(const char* search, const char* which, std::int32_t token, const Shape& logits) {
  if (token < 0 || token >= logits[1])
    throw IndexError(message(search, ": ", which, " ", token, " is outside 0 .. ", logits[1] - 1,
                             " of logits [B, V] of ", logits));
}

using Choose = std::function<Ids(const Tensor& log_p)>;  // [B, V] -> [B]

// One token after the other, never taken back.
std::vector<Decoded> follow(const char* search, const Stepwise& model, State state,
                            const Limits& limits, const Choose& choose, const OnToken& on_token) {
  expect_at_least(message(search, ": longest"), limits.longest, 1);
  const NoGrad off;
  const Index batch = batch_of(search, state);
  std::vector<Decoded> all(static_cast<std::size_t>(batch));
  std::vector<Decoded*> live;  // whose the rows of the state are
  for (Decoded& sequence : all) live.push_back(&sequence);
  std::vector<std::int32_t> last(live.size(), limits.start);
  for (Index step = 0; step < limits.longest && !live.empty(); ++step) {
    const auto count = static_cast<Index>(live.size());
    const Next next = model.next({{count}, last}, state);
    const Tensor log_p = log_probabilities(search, next, count, limits);
    const Ids chosen = choose(log_p);
    std::vector<Decoded*> longer;
    std::vector<std::int32_t> rows;
    last.clear();
    for (Index row = 0; row < count; ++row) {
      Decoded& sequence = *live[row];
      const std::int32_t token = chosen.values[row];
      sequence.log_probability += log_p.at({row, token});
      sequence.score = sequence.log_probability;
      sequence.ended = token == limits.end;
      if (sequence.ended) continue;
      say(sequence, token, next.weights.value(), row);
      if (on_token && !on_token(token)) continue;
      longer.push_back(&sequence);
      rows.push_back(static_cast<std::int32_t>(row));
      last.push_back(token);
    }
    state = rows.size() == live.size() ? next.state : select_rows(next.state, rows);
    live = std::move(longer);
  }
  return all;
}

}  // namespace

std::vector<Decoded> greedy(const Stepwise& model, const State& state, const Limits& limits) {
  return follow(
      "greedy", model, state, limits, [](const Tensor& log_p) { return argmax(log_p); }, nullptr);
}

Decoded generate(const Stepwise& model, const State& state, const Limits& limits,
                 const SamplingOptions& options, Rng& rng, const OnToken& on_token) {
  expect_one_sequence("generate", state);
  const Choose choose = [&](const Tensor& log_p) { return sample(log_p, options, rng); };
  return follow("generate", model, state, limits, choose, on_token)[0];
}

Index batch_of(const char* search, const State& state) {
  if (state.empty()) return 1;
  const Index batch = state[0].dim(0);
  for (const Variable& part : state)
    if (part.dim(0) != batch)
      throw ShapeError(message(search, ": the first axis of a state is the batch, but ",
                               state[0].shape(), " and ", part.shape(), " differ in it"));
  return batch;
}

void expect_one_sequence(const char* search, const State& state) {
  const Index batch = batch_of(search, state);
  if (batch != 1)
    throw ShapeError(message(search, ": expected the state of one sequence, got a batch of ", batch,
                             ", ", state[0].shape()));
}

Tensor log_probabilities(const char* search, const Next& next, Index batch, const Limits& limits) {
  expect_shape("Stepwise: logits [B, V]", next.logits, {batch, kAny});
  expect_shape("Stepwise: weights [B, S]", next.weights, {batch, kAny});
  expect_token(search, "start", limits.start, next.logits.shape());
  if (limits.end != kNoEnd) expect_token(search, "end", limits.end, next.logits.shape());
  expect_choice(search, next.logits.value());
  return log_softmax(next.logits.value());
}

State select_rows(const State& state, const std::vector<std::int32_t>& rows) {
  const Ids ids{{static_cast<Index>(rows.size())}, rows};
  State selected;
  for (const Variable& part : state) {
    Shape shape = part.shape();
    shape[0] = ids.shape[0];
    selected.push_back(reshape(embedding(reshape(part, {part.dim(0), -1}), ids), shape));
  }
  return selected;
}

void say(Decoded& sequence, std::int32_t token, const Tensor& weights, Index row) {
  const Tensor looked = copy(weights.slice(0, row, row + 1));
  const std::vector<Tensor> rows{sequence.alignment, looked};
  sequence.alignment = sequence.tokens.empty() ? looked : concat(rows, 0);
  sequence.tokens.push_back(token);
}

}  // namespace rapt::nn
