#include "tensor/recurrent.h"

#include <algorithm>
#include <array>

#include "tensor/elementwise.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/recurrent_gates.h"
#include "tensor/simd.h"

namespace rapt {
namespace {

using namespace recurrent;

constexpr Index kMostParts = 2;

// Calls body(Lstm()) and the like.
template <class Body>
void with_gates(Gates gates, Body body) {
  switch (gates) {
    case Gates::tanh:
      return body(Elman<Tanh>());
    case Gates::relu:
      return body(Elman<Relu>());
    case Gates::sigmoid:
      return body(Elman<Sigmoid>());
    case Gates::lstm:
      return body(Lstm());
    case Gates::gru:
      return body(Gru());
  }
}

// Where everything of a sequence lies.
struct Layout {
  explicit Layout(const Recurrence& r)
      : batch(r.projected.dim(0)),
        steps(r.projected.dim(1)),
        width(r.projected.dim(2)),
        hidden(r.weight.dim(1)),
        parts(static_cast<Index>(r.initial.size())),
        reversed(r.reversed),
        lengths(r.lengths) {
    for (const Tensor& part : r.initial) initial.push_back(part.contiguous());
  }

  // Less than a million multiply-adds: no work for two threads.
  bool is_small() const { return batch * steps * width * hidden < 1 << 20; }

  Index position(Index i) const { return reversed ? steps - 1 - i : i; }  // of the i-th step
  bool runs(Index b, Index t) const { return lengths.empty() || t < lengths[b]; }

  // Rows of one sequence at one position of [B, T, columns]
  Index at(Index b, Index t, Index columns) const { return (b * steps + t) * columns; }
  Index state_at(Index s, Index b, Index t) const { return at(s * batch + b, t, hidden); }

  // The state before the i-th step, part s
  const Scalar* before(const Tensor& states, Index s, Index b, Index i) const {
    if (i == 0) return initial[s].base() + b * hidden;
    return states.base() + state_at(s, b, position(i - 1));
  }

  Index batch, steps, width, hidden, parts;
  bool reversed;
  const std::vector<Index>& lengths;
  std::vector<Tensor> initial;
};

// Sequences of one block: a step's product should be high enough to use each number of the weights
// several times, and low enough to leave work for other threads.
Index sequences_per_block(const Layout& at) {
  constexpr Index kMost = 16;
  if (at.is_small()) return at.batch;
  const Index blocks = (at.batch + kMost - 1) / kMost;
  return (at.batch + blocks - 1) / blocks;
}

void multiply(const Scalar* a, Strides a_step, const Scalar* b, Strides b_step, Scalar* c, Index m,
              Index k, Index n) {
  const Product product{a, b, c};
  gemm({&product, 1}, m, k, n, a_step, b_step);
}

// Rows that lie far apart, brought together for a product: their strides, often a power of two,
// would compete for few lines of the cache.
template <class RowOf>
void gather(Index rows, Index columns, Scalar* to, RowOf row_of) {
  for (Index i = 0; i < rows; ++i) std::copy_n(row_of(i), columns, to + i * columns);
}

// A copy of a matrix whose rows begin a little further apart than they are long, for the same
// reason: a tile takes few columns of every row.
Tensor spread_rows(const Tensor& x) {
  const Index rows = x.dim(0), columns = x.dim(1);
  const Tensor y = Tensor::uninitialized({rows, columns + 2 * simd::kLanes}).slice(1, 0, columns);
  assign(y, x);
  return y;
}

template <class Formula>
void run_forward(const Layout& at, const Recurrence& r, const Tensor& weight,
                 RecurrentStates& result, Index first, Index last) {
  const Index n = at.hidden, rows = last - first;
  const Tensor projected = r.projected.contiguous(), bias = r.bias.contiguous();
  Tensor output = Tensor::uninitialized({rows, n});
  Tensor carried = Tensor::uninitialized({rows, at.width});
  for (Index i = 0; i < at.steps; ++i) {
    const Index t = at.position(i);
    gather(rows, n, output.base(),
           [&](Index row) { return at.before(result.states, 0, first + row, i); });
    multiply(output.base(), {n, 1}, weight.base(), {weight.strides()[0], 1}, carried.base(), rows,
             n, at.width);
    for (Index b = first; b < last; ++b) {
      std::array<const Scalar*, kMostParts> before{};
      std::array<Scalar*, kMostParts> after{};
      for (Index s = 0; s < at.parts; ++s) {
        before[s] = at.before(result.states, s, b, i);
        after[s] = result.states.base() + at.state_at(s, b, t);
        if (!at.runs(b, t)) std::copy_n(before[s], n, after[s]);
      }
      if (at.runs(b, t))
        Formula::forward(n, projected.base() + at.at(b, t, at.width),
                         carried.base() + (b - first) * at.width, bias.base(), before.data(),
                         after.data(), result.saved.base() + at.at(b, t, Formula::kSaved * n));
    }
  }
}

void add_to(Scalar* __restrict sum, const Scalar* __restrict x, Index count) {
  for (Index j = 0; j < count; ++j) sum[j] += x[j];
}

// d = dL/d(state after step i), in place of what has reached it so far.
void complete(Scalar* __restrict d, const Scalar* __restrict through_weight,
              const Scalar* __restrict g, Index n, bool padded) {
  // Single steps add the gradient of an output first, but behind a choice between old and new
  // state, as padding needs it, last.
  if (padded)
    for (Index j = 0; j < n; ++j) d[j] = (d[j] + through_weight[j]) + g[j];
  else
    for (Index j = 0; j < n; ++j) d[j] = (g[j] + d[j]) + through_weight[j];
}

// The gradients of the gates: dp of the projected part, dm of the carried part (the same tensor
// where they do not differ), and of the initial state.
template <class Formula>
void run_backward(const Layout& at, const Recurrence& r, const RecurrentStates& forward,
                  const Tensor& g, Tensor& dp, Tensor& dm, std::vector<Tensor>& initial,
                  Index first, Index last) {
  const Index n = at.hidden, rows = last - first;
  const Tensor weight = r.weight.contiguous();
  Tensor through_weight({rows, n}), gathered = Tensor::uninitialized({rows, at.width});
  for (Index i = at.steps - 1; i >= 0; --i) {
    const Index t = at.position(i);
    for (Index b = first; b < last; ++b) {
      std::array<const Scalar*, kMostParts> before{}, after{};
      std::array<Scalar*, kMostParts> d{};
      for (Index s = 0; s < at.parts; ++s) {
        const Index here = at.state_at(s, b, t);
        before[s] = at.before(forward.states, s, b, i);
        after[s] = forward.states.base() + here;
        d[s] = initial[s].base() + b * n;
        const Scalar* up = g.base() + here;
        if (s == 0)
          complete(d[s], through_weight.base() + (b - first) * n, up, n, !at.lengths.empty());
        else
          add_to(d[s], up, n);
      }
      Scalar *const gates = dp.base() + at.at(b, t, at.width),
                    *carried = dm.base() + at.at(b, t, at.width);
      if (at.runs(b, t)) {
        Formula::backward(n, before.data(), after.data(),
                          forward.saved.base() + at.at(b, t, Formula::kSaved * n), d.data(), gates,
                          carried);
      } else {
        std::fill_n(gates, at.width, Scalar(0));
        std::fill_n(carried, at.width, Scalar(0));
      }
    }
    gather(rows, at.width, gathered.base(),
           [&](Index row) { return dm.base() + at.at(first + row, t, at.width); });
    multiply(gathered.base(), {at.width, 1}, weight.base(), {n, 1}, through_weight.base(), rows,
             at.width, n);
  }
  for (Index b = first; b < last; ++b)
    add_to(initial[0].base() + b * n, through_weight.base() + (b - first) * n, n);
}

// The outputs before each step, step by step: [T, B, H].
Tensor outputs_before(const Layout& at, const Tensor& states) {
  Tensor before = Tensor::uninitialized({at.steps, at.batch, at.hidden});
  const Index one = at.batch * at.hidden;
  parallel_for(at.steps, 32768 / one + 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i)
      gather(at.batch, at.hidden, before.base() + i * one,
             [&](Index b) { return at.before(states, 0, b, i); });
  });
  return before;
}

// dL/dweight = sum over the steps, youngest first, of dm_t^T h_(t-1), each summed over the batch;
// dL/dbias = sum over the steps of dm_t, in the same order.
void weight_gradients(const Layout& at, const Tensor& states, const Tensor& dm, bool has_bias,
                      RecurrentGradients& d) {
  constexpr Index kRows = 64;  // of the result, which one thread makes at a time
  d.weight = Tensor::uninitialized({at.width, at.hidden});
  if (has_bias) d.bias = Tensor(Shape{at.width});
  const Tensor before = outputs_before(at, states);
  parallel_for(at.width, at.is_small() ? at.width : kRows, [&](Index begin, Index end) {
    const Index rows = end - begin, count = rows * at.hidden;
    Tensor gates = Tensor::uninitialized({at.batch, rows}), one = Tensor::uninitialized({count});
    const Tensor bias = has_bias ? d.bias.slice(0, begin, end) : Tensor();
    Scalar *const sum = d.weight.base() + begin * at.hidden, *const step = one.base();
    for (Index i = at.steps - 1; i >= 0; --i) {
      const Index t = at.position(i);
      gather(at.batch, rows, gates.base(),
             [&](Index b) { return dm.base() + at.at(b, t, at.width) + begin; });
      const bool youngest = i == at.steps - 1;
      multiply(gates.base(), {1, rows}, before.base() + i * at.batch * at.hidden, {at.hidden, 1},
               youngest ? sum : step, rows, at.batch, at.hidden);
      if (!youngest) add_to(sum, step, count);
      if (has_bias) add_into(bias, gates);
    }
  });
}

}  // namespace

RecurrentStates recur(const Recurrence& r) {
  const Layout at(r);
  RecurrentStates result;
  with_gates(r.gates, [&]<class Formula>(Formula) {
    result.states = Tensor::uninitialized({at.parts, at.batch, at.steps, at.hidden});
    result.saved = Tensor::uninitialized({at.batch, at.steps, Formula::kSaved * at.hidden});
    const Tensor weight = spread_rows(r.weight.transpose());
    parallel_for(at.batch, sequences_per_block(at), [&](Index first, Index last) {
      run_forward<Formula>(at, r, weight, result, first, last);
    });
  });
  return result;
}

RecurrentGradients recur_gradient(const Recurrence& r, const RecurrentStates& forward,
                                  const Tensor& g) {
  const Layout at(r);
  const Tensor up = g.contiguous();
  RecurrentGradients d;
  d.projected = Tensor::uninitialized(r.projected.shape());
  for (const Tensor& part : r.initial) d.initial.emplace_back(part.shape());
  with_gates(r.gates, [&]<class Formula>(Formula) {
    Tensor dm = Formula::kBias ? Tensor::uninitialized(r.projected.shape()) : d.projected;
    parallel_for(at.batch, sequences_per_block(at), [&](Index first, Index last) {
      run_backward<Formula>(at, r, forward, up, d.projected, dm, d.initial, first, last);
    });
    weight_gradients(at, forward.states, dm, Formula::kBias, d);
  });
  return d;
}

}  // namespace rapt
