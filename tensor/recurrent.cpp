#include "tensor/recurrent.h"

#include <algorithm>
#include <array>

#include "tensor/elementwise.h"
#include "tensor/gemm.h"
#include "tensor/parallel.h"
#include "tensor/recurrent_gates.h"

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

  Index position(Index i) const { return reversed ? steps - 1 - i : i; }  // of the i-th step
  bool runs(Index b, Index t) const { return lengths.empty() || t < lengths[b]; }

  // Rows of one sequence at one position of [B, T, columns]
  Index at(Index b, Index t, Index columns) const { return (b * steps + t) * columns; }
  Index state_at(Index s, Index b, Index t) const { return at(s * batch + b, t, hidden); }

  // The state before the i-th step, part s, and how far the next sequence's lies from it
  const Scalar* before(const Tensor& states, Index s, Index b, Index i) const {
    if (i == 0) return initial[s].base() + b * hidden;
    return states.base() + state_at(s, b, position(i - 1));
  }
  Index before_stride(Index i) const { return i == 0 ? hidden : steps * hidden; }

  Index batch, steps, width, hidden, parts;
  bool reversed;
  const std::vector<Index>& lengths;
  std::vector<Tensor> initial;
};

// Sequences of one block: a step's product should be high enough to use each number of the weights
// several times, and low enough to leave work for other threads.
Index sequences_per_block(const Layout& at) {
  constexpr Index kSequences = 16, kWorthwhile = 1 << 20;  // the second in multiply-adds
  if (at.batch * at.steps * at.width * at.hidden < kWorthwhile) return at.batch;
  const Index blocks = (at.batch + kSequences - 1) / kSequences;
  return (at.batch + blocks - 1) / blocks;
}

void multiply(const Scalar* a, Strides a_step, const Scalar* b, Strides b_step, Scalar* c, Index m,
              Index k, Index n) {
  const Product product{a, b, c};
  gemm({&product, 1}, m, k, n, a_step, b_step);
}

template <class Formula>
void run_forward(const Layout& at, const Recurrence& r, const Tensor& weight,
                 RecurrentStates& result, Index first, Index last) {
  const Index n = at.hidden, rows = last - first;
  const Tensor projected = r.projected.contiguous(), bias = r.bias.contiguous();
  Tensor carried = Tensor::uninitialized({rows, at.width});
  for (Index i = 0; i < at.steps; ++i) {
    const Index t = at.position(i);
    multiply(at.before(result.states, 0, first, i), {at.before_stride(i), 1}, weight.base(),
             {at.width, 1}, carried.base(), rows, n, at.width);
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

// d = dL/d(state after step i), in place of what has reached it so far.
void complete(Scalar* d, const Scalar* through_weight, const Scalar* g, Index n, bool padded) {
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
  Tensor through_weight({rows, n});
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
          for (Index j = 0; j < n; ++j) d[s][j] = up[j] + d[s][j];
      }
      Scalar *gates = dp.base() + at.at(b, t, at.width),
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
    multiply(dm.base() + at.at(first, t, at.width), {at.steps * at.width, 1}, weight.base(), {n, 1},
             through_weight.base(), rows, at.width, n);
  }
  for (Index b = first; b < last; ++b)
    for (Index j = 0; j < n; ++j)
      initial[0].base()[b * n + j] += through_weight.base()[(b - first) * n + j];
}

// dL/dweight = sum over the steps, youngest first, of dm_t^T h_(t-1), each summed over the batch.
Tensor weight_gradient(const Layout& at, const Tensor& states, const Tensor& dm) {
  constexpr Index kGates = 32;  // rows of the result that one thread makes at a time
  Tensor d = Tensor::uninitialized({at.width, at.hidden});
  const bool small = at.batch * at.steps * at.width * at.hidden < (1 << 20);
  parallel_for(at.width, small ? at.width : kGates, [&](Index begin, Index end) {
    Tensor step = Tensor::uninitialized({end - begin, at.hidden});
    Scalar* const sum = d.base() + begin * at.hidden;
    for (Index i = at.steps - 1; i >= 0; --i) {
      const bool youngest = i == at.steps - 1;
      multiply(dm.base() + at.at(0, at.position(i), at.width) + begin, {1, at.steps * at.width},
               at.before(states, 0, 0, i), {at.before_stride(i), 1}, youngest ? sum : step.base(),
               end - begin, at.batch, at.hidden);
      if (!youngest)
        for (Index j = 0; j < step.size(); ++j) sum[j] += step.base()[j];
    }
  });
  return d;
}

Tensor bias_gradient(const Layout& at, const Tensor& dm) {
  Tensor d({at.width});
  for (Index i = at.steps - 1; i >= 0; --i) {
    const Index t = at.position(i);
    add_into(d, sum_to(dm.slice(1, t, t + 1).reshape({at.batch, at.width}), {at.width}));
  }
  return d;
}

}  // namespace

RecurrentStates recur(const Recurrence& r) {
  const Layout at(r);
  RecurrentStates result;
  with_gates(r.gates, [&]<class Formula>(Formula) {
    result.states = Tensor::uninitialized({at.parts, at.batch, at.steps, at.hidden});
    result.saved = Tensor::uninitialized({at.batch, at.steps, Formula::kSaved * at.hidden});
    const Tensor weight = r.weight.transpose().contiguous();
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
    d.weight = weight_gradient(at, forward.states, dm);
    if (Formula::kBias) d.bias = bias_gradient(at, dm);
  });
  return d;
}

}  // namespace rapt
