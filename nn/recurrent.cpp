#include "nn/recurrent.h"

#include <algorithm>

#include "autograd/ops.h"
#include "nn/expect.h"

namespace rapt::nn {
namespace {

// 1 where a sequence still runs, 0 in its padding. [B, T]
Tensor running(const std::vector<Index>& lengths, Index steps) {
  Tensor runs({static_cast<Index>(lengths.size()), steps});
  for (std::size_t b = 0; b < lengths.size(); ++b)
    std::fill_n(runs.data() + static_cast<Index>(b) * steps, lengths[b], Scalar(1));
  return runs;
}

Tensor running_3d(const std::vector<Index>& lengths, Index steps) {
  return running(lengths, steps).reshape({static_cast<Index>(lengths.size()), steps, 1});
}

// x [B, T, in] -> [B, T, G]. The padding is cleared first: infinite numbers would turn the weights'
// gradients into NaN.
Variable projected_by(const Cell& cell, const Variable& x, const std::vector<Index>& lengths) {
  expect_shape("unroll: x [B, T, in]", x, {kAny, kAny, kAny});
  expect_at_least("unroll: B", x.dim(0), 1);
  expect_at_least("unroll: T", x.dim(1), 1);
  expect_lengths("unroll", "x [B, T, in]", x.shape(), lengths);
  if (lengths.empty()) return cell.project(x);
  return cell.project(where(running_3d(lengths, x.dim(1)), x, Scalar(0)));
}

Unrolled step_by_step(const Cell& cell, const Variable& projected,
                      const std::vector<Index>& lengths, Direction direction,
                      const State& initial) {
  const Index steps = projected.dim(1);
  const bool padded = !lengths.empty();
  const Tensor runs = padded ? running(lengths, steps) : Tensor();
  Unrolled result{projected, initial};
  std::vector<Variable> outputs;
  for (Index i = 0; i < steps; ++i) {
    const Index t = direction == Direction::forward ? i : steps - 1 - i;
    State next = cell.step(select(projected, 1, t), result.last);
    Variable output = next[0];
    if (padded) {
      const Tensor alive = runs.slice(1, t, t + 1);
      output = where(alive, next[0], Scalar(0));
      for (std::size_t s = 0; s < next.size(); ++s) next[s] = where(alive, next[s], result.last[s]);
    }
    result.last = std::move(next);
    outputs.push_back(output);
  }
  if (direction == Direction::backward) std::reverse(outputs.begin(), outputs.end());
  result.outputs = stack(outputs, 1);
  return result;
}

State started(const Cell& cell, const Variable& x, const State& initial) {
  return initial.empty() ? cell.zero_state(x.dim(0)) : initial;
}

}  // namespace

Unrolled unroll(const Cell& cell, const Variable& x, const std::vector<Index>& lengths,
                Direction direction, const State& initial) {
  const Variable projected = projected_by(cell, x, lengths);
  const State start = started(cell, x, initial);
  const std::optional<State> states = cell.run(projected, start, direction, lengths);
  if (!states) return step_by_step(cell, projected, lengths, direction, start);

  const Index steps = x.dim(1);
  Unrolled result{states->front(), {}};
  if (!lengths.empty())
    result.outputs = where(running_3d(lengths, steps), result.outputs, Scalar(0));
  for (const Variable& state : *states)
    result.last.push_back(select(state, 1, direction == Direction::forward ? steps - 1 : 0));
  return result;
}

Unrolled unroll_step_by_step(const Cell& cell, const Variable& x, const std::vector<Index>& lengths,
                             Direction direction, const State& initial) {
  return step_by_step(cell, projected_by(cell, x, lengths), lengths, direction,
                      started(cell, x, initial));
}

// One cell that reads forward, and where the layer is bidirectional another that reads backward.
class Recurrent::Layer : public Module {
 public:
  Layer(Index in, const RecurrentOptions& o, Rng& rng) {
    cells.push_back(&adopt("forward", make_cell(o.cell, in, o.hidden, rng, o.options)));
    if (o.bidirectional)
      cells.push_back(&adopt("backward", make_cell(o.cell, in, o.hidden, rng, o.options)));
  }

  std::vector<const Cell*> cells;
};

Recurrent::Recurrent(const RecurrentOptions& options, Rng& rng)
    : in_(options.in),
      features_(options.bidirectional ? 2 * options.hidden : options.hidden),
      layers_(child<List<Layer>>("layers")) {
  expect_at_least("Recurrent: in", options.in, 1);
  expect_at_least("Recurrent: hidden", options.hidden, 1);
  expect_at_least("Recurrent: layers", options.layers, 1);
  expect_probability("Recurrent: dropout", options.dropout);
  for (Index i = 0; i < options.layers; ++i) layers_.add(i == 0 ? in_ : features_, options, rng);
  if (options.dropout > 0) dropout_ = &child<Dropout>("dropout", options.dropout, rng);
}

RecurrentOutput Recurrent::operator()(const Variable& x, const std::vector<Index>& lengths,
                                      const std::vector<State>& initial) const {
  expect_shape("Recurrent: x [B, T, in]", x, {kAny, kAny, in_});
  const std::vector<Layer*>& layers = layers_.all();
  const std::size_t cells = layers.size() * layers[0]->cells.size();
  if (!initial.empty() && initial.size() != cells)
    throw ValueError(message("Recurrent: expected ", cells,
                             " initial states (layers x directions), got ", initial.size()));

  RecurrentOutput result{x, {}};
  for (const Layer* layer : layers) {
    const Variable input =
        dropout_ && layer != layers[0] ? (*dropout_)(result.outputs) : result.outputs;
    std::vector<Variable> outputs;
    for (const Cell* cell : layer->cells) {
      const Unrolled unrolled = unroll(
          *cell, input, lengths, cell == layer->cells[0] ? Direction::forward : Direction::backward,
          initial.empty() ? State{} : initial[result.last.size()]);
      outputs.push_back(unrolled.outputs);
      result.last.push_back(unrolled.last);
    }
    result.outputs = outputs.size() == 1 ? outputs[0] : concat(outputs, -1);
  }
  return result;
}

}  // namespace rapt::nn
