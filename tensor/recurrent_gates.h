#pragma once
#include "tensor/math.h"

// One step of one sequence for each kind of gates: rows of n = H numbers, in loops that vectorize.
//   forward    projected p and carried m = weight h, both [gates * n] -> state after, saved
//   backward   d is dL/d(state after), and becomes what reaches the state before other than through
//              m; dp = dL/dp, dm = dL/dm
// No row overlaps another. The formulas of the derivatives are those of the single operations, in
// their order, down to the 0 + d of a part put among zeros, so that no bit differs from them.
namespace rapt::recurrent {

// Rows of which the compiler may know that they do not overlap.
using In = const Scalar* __restrict;
using Out = Scalar* __restrict;

inline Scalar sigmoid_gradient(Scalar g, Scalar y) { return g * y * (1 - y); }
inline Scalar tanh_gradient(Scalar g, Scalar y) { return g * (1 - y * y); }

struct Tanh {
  static Scalar value(Scalar x) { return tanh(x); }
  static Scalar gradient(Scalar g, Scalar y) { return tanh_gradient(g, y); }
};
struct Sigmoid {
  static Scalar value(Scalar x) { return sigmoid(x); }
  static Scalar gradient(Scalar g, Scalar y) { return sigmoid_gradient(g, y); }
};
struct Relu {
  static Scalar value(Scalar x) { return x < 0 ? Scalar(0) : x; }
  static Scalar gradient(Scalar g, Scalar y) { return g * Scalar(y > 0); }
};

// h' = f(p + m)
template <class F>
struct Elman {
  static constexpr Index kGates = 1, kParts = 1, kSaved = 0;
  static constexpr bool kBias = false;

  static void forward(Index n, In p, In m, In, const Scalar* const*, Scalar* const* after, Out) {
    Scalar* h = after[0];
    for (Index j = 0; j < n; ++j) h[j] = F::value(p[j] + m[j]);
  }

  static void backward(Index n, const Scalar* const*, const Scalar* const* after, In,
                       Scalar* const* d, Out dp, Out) {
    const Scalar* h = after[0];
    Scalar* dh = d[0];
    for (Index j = 0; j < n; ++j) {
      dp[j] = 0 + F::gradient(dh[j], h[j]);
      dh[j] = 0;
    }
  }
};

// i, f, o = sigmoid(p + m), g = tanh(p + m);  c' = f c + i g, h' = o tanh c'.  Saved: i f g o
struct Lstm {
  static constexpr Index kGates = 4, kParts = 2, kSaved = 4;
  static constexpr bool kBias = false;

  static void forward(Index n, In p, In m, In, const Scalar* const* before, Scalar* const* after,
                      Out saved) {
    for (Index j = 0; j < 2 * n; ++j) saved[j] = sigmoid(p[j] + m[j]);
    for (Index j = 2 * n; j < 3 * n; ++j) saved[j] = tanh(p[j] + m[j]);
    for (Index j = 3 * n; j < 4 * n; ++j) saved[j] = sigmoid(p[j] + m[j]);
    const Scalar *c_before = before[1], *i = saved, *f = i + n, *g = f + n, *o = g + n;
    Scalar *h = after[0], *c = after[1];
    for (Index j = 0; j < n; ++j) {
      c[j] = f[j] * c_before[j] + i[j] * g[j];
      h[j] = o[j] * tanh(c[j]);
    }
  }

  static void backward(Index n, const Scalar* const* before, const Scalar* const* after, In saved,
                       Scalar* const* d, Out dp, Out) {
    const Scalar *c_before = before[1], *c = after[1], *i = saved, *f = i + n, *g = f + n,
                 *o = g + n;
    Scalar *dh = d[0], *dc = d[1], *di = dp, *df = di + n, *dg = df + n, *d_o = dg + n;
    for (Index j = 0; j < n; ++j) {
      const Scalar squashed = tanh(c[j]);
      d_o[j] = 0 + sigmoid_gradient(dh[j] * squashed, o[j]);
      dc[j] += tanh_gradient(dh[j] * o[j], squashed);
      dh[j] = 0;
    }
    for (Index j = 0; j < n; ++j) {
      di[j] = 0 + sigmoid_gradient(dc[j] * g[j], i[j]);
      dg[j] = 0 + tanh_gradient(dc[j] * i[j], g[j]);
    }
    for (Index j = 0; j < n; ++j) {
      df[j] = 0 + sigmoid_gradient(dc[j] * c_before[j], f[j]);
      dc[j] *= f[j];
    }
  }
};

// With m + bias = (a, b, e):  r = sigmoid(p_r + a), z = sigmoid(p_z + b), n = tanh(p_n + r e);
// h' = n + z (h - n).  Saved: r z n e. dm differs from dp in the last gate.
struct Gru {
  static constexpr Index kGates = 3, kParts = 1, kSaved = 4;
  static constexpr bool kBias = true;

  static void forward(Index n, In p, In m, In bias, const Scalar* const* before,
                      Scalar* const* after, Out saved) {
    for (Index j = 0; j < 2 * n; ++j) saved[j] = sigmoid(p[j] + (m[j] + bias[j]));
    const Scalar *h_before = before[0], *p_n = p + 2 * n, *m_n = m + 2 * n, *bias_n = bias + 2 * n;
    const Scalar *r = saved, *z = r + n;
    Scalar *fresh = saved + 2 * n, *e = saved + 3 * n, *h = after[0];
    for (Index j = 0; j < n; ++j) e[j] = m_n[j] + bias_n[j];
    for (Index j = 0; j < n; ++j) fresh[j] = tanh(p_n[j] + r[j] * e[j]);
    for (Index j = 0; j < n; ++j) h[j] = fresh[j] + z[j] * (h_before[j] - fresh[j]);
  }

  static void backward(Index n, const Scalar* const* before, const Scalar* const*, In saved,
                       Scalar* const* d, Out dp, Out dm) {
    const Scalar *h_before = before[0], *r = saved, *z = r + n, *fresh = z + n, *e = fresh + n;
    Scalar *dh = d[0], *dr = dp, *dz = dr + n, *dn = dz + n, *de = dm + 2 * n;
    for (Index j = 0; j < n; ++j) {
      const Scalar kept = dh[j] * z[j];
      dz[j] = 0 + sigmoid_gradient(dh[j] * (h_before[j] - fresh[j]), z[j]);
      dn[j] = 0 + tanh_gradient(dh[j] - kept, fresh[j]);
      dh[j] = kept;
    }
    for (Index j = 0; j < n; ++j) {
      dr[j] = 0 + sigmoid_gradient(dn[j] * e[j], r[j]);
      de[j] = 0 + dn[j] * r[j];
    }
    for (Index j = 0; j < 2 * n; ++j) dm[j] = dp[j];
  }
};

}  // namespace rapt::recurrent
