#pragma once
#include "tensor/math.h"

// One step of one sequence for each kind of gates: rows of n = H numbers, in loops that vectorize.
//   forward    projected p and carried m = weight h, both [gates * n] -> state after, saved
//   backward   d is dL/d(state after), and becomes what reaches the state before other than through
//              m; dp = dL/dp, dm = dL/dm
// No row overlaps another. The formulas of the derivatives are those of the single operations, in
// their order, down to the 0 + d of a part put among zeros, so that no bit differs from them.
namespace rapt::recurrent {

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

  static void forward(Index n, const Scalar* __restrict p, const Scalar* __restrict m,
                      const Scalar*, const Scalar* const*, Scalar* const* after, Scalar*) {
    Scalar* __restrict h = after[0];
    for (Index j = 0; j < n; ++j) h[j] = F::value(p[j] + m[j]);
  }

  static void backward(Index n, const Scalar* const*, const Scalar* const* after, const Scalar*,
                       Scalar* const* d, Scalar* __restrict dp, Scalar*) {
    const Scalar* __restrict h = after[0];
    Scalar* __restrict dh = d[0];
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

  static void forward(Index n, const Scalar* __restrict p, const Scalar* __restrict m,
                      const Scalar*, const Scalar* const* before, Scalar* const* after,
                      Scalar* __restrict saved) {
    for (Index j = 0; j < 2 * n; ++j) saved[j] = sigmoid(p[j] + m[j]);
    for (Index j = 2 * n; j < 3 * n; ++j) saved[j] = tanh(p[j] + m[j]);
    for (Index j = 3 * n; j < 4 * n; ++j) saved[j] = sigmoid(p[j] + m[j]);
    const Scalar* __restrict c_before = before[1], * __restrict i = saved, * __restrict f = i + n, * __restrict g = f + n, * __restrict o = g + n;
    Scalar* __restrict h = after[0], * __restrict c = after[1];
    for (Index j = 0; j < n; ++j) {
      c[j] = f[j] * c_before[j] + i[j] * g[j];
      h[j] = o[j] * tanh(c[j]);
    }
  }

  static void backward(Index n, const Scalar* const* before, const Scalar* const* after,
                       const Scalar* saved, Scalar* const* d, Scalar* dp, Scalar*) {
    const Scalar* __restrict c_before = before[1], * __restrict c = after[1], * __restrict i = saved, * __restrict f = i + n, * __restrict g = f + n, * __restrict o = g + n;
    Scalar* __restrict dh = d[0], * __restrict dc = d[1], * __restrict di = dp, * __restrict df = dp + n, * __restrict dg = dp + 2 * n, * __restrict d_o = dp + 3 * n;
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

  static void forward(Index n, const Scalar* __restrict p, const Scalar* __restrict m,
                      const Scalar* __restrict bias, const Scalar* const* before,
                      Scalar* const* after, Scalar* __restrict saved) {
    for (Index j = 0; j < 2 * n; ++j) saved[j] = sigmoid(p[j] + (m[j] + bias[j]));
    const Scalar* __restrict h_before = before[0], * __restrict r = saved, * __restrict z = saved + n;
    Scalar* __restrict fresh = saved + 2 * n, * __restrict e = saved + 3 * n, * __restrict h = after[0];
    for (Index j = 0; j < n; ++j) {
      e[j] = m[2 * n + j] + bias[2 * n + j];
      fresh[j] = tanh(p[2 * n + j] + r[j] * e[j]);
      h[j] = fresh[j] + z[j] * (h_before[j] - fresh[j]);
    }
  }

  static void backward(Index n, const Scalar* const* before, const Scalar* const*,
                       const Scalar* saved, Scalar* const* d, Scalar* dp, Scalar* dm) {
    const Scalar* __restrict h_before = before[0], * __restrict r = saved, * __restrict z = r + n, * __restrict fresh = z + n, * __restrict e = fresh + n;
    Scalar* __restrict dh = d[0], * __restrict dr = dp, * __restrict dz = dp + n, * __restrict dn = dp + 2 * n, * __restrict de = dm + 2 * n;
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
