#include "autograd/pointwise.h"

#include <cmath>
#include <numbers>

#include "autograd/arithmetic.h"
#include "autograd/lookup.h"
#include "tensor/elementwise.h"
#include "tensor/math.h"
#include "tensor/parallel.h"

namespace rapt {

// y = e^x.                                        dL/dx = g * y
Variable exp(const Variable& x) {
  return record("exp", map(x.value(), [](Scalar v) { return exp(v); }),
                {{x, [](const Variable& g, const Variable& y) { return g * y; }}});
}

// y = log x.                                      dL/dx = g / x
Variable log(const Variable& x) {
  return record("log", map(x.value(), [](Scalar v) { return log(v); }),
                {{x, [x](const Variable& g, const Variable&) { return g / x; }}});
}

// y = tanh x.                                     dL/dx = g * (1 - y^2)
Variable tanh(const Variable& x) {
  return record("tanh", map(x.value(), [](Scalar v) { return tanh(v); }),
                {{x, [](const Variable& g, const Variable& y) { return g * (1 - y * y); }}});
}

// y = 1 / (1 + e^-x).                             dL/dx = g * y * (1 - y)
Variable sigmoid(const Variable& x) {
  return record("sigmoid", map(x.value(), [](Scalar v) { return sigmoid(v); }),
                {{x, [](const Variable& g, const Variable& y) -> Variable {
                    if (grad_enabled()) return g * y * (1 - y);
                    return zip("sigmoid", g.value(), y.value(),
                               [](Scalar up, Scalar v) { return up * v * (1 - v); });
                  }}});
}

// y = max(x, 0).                                  dL/dx = g where x > 0, else 0
Variable relu(const Variable& x) {
  return record("relu", map(x.value(), [](Scalar v) { return v < 0 ? Scalar(0) : v; }),
                {{x, [x](const Variable& g, const Variable&) -> Variable {
                    if (grad_enabled())
                      return where(map(x.value(), [](Scalar v) { return Scalar(v > 0); }), g, 0);
                    return zip("relu", g.value(), x.value(),
                               [](Scalar up, Scalar v) { return v > 0 ? up : Scalar(0); });
                  }}});
}

// y = erf x.                                      dL/dx = g * 2 / sqrt(pi) * e^(-x^2)
Variable erf(const Variable& x) {
  return record("erf", map(x.value(), [](Scalar v) { return erf(v); }),
                {{x, [x](const Variable& g, const Variable&) {
                    constexpr auto slope = Scalar(2 * std::numbers::inv_sqrtpi);
                    return g * exp(-(x * x)) * slope;
                  }}});
}

namespace {

constexpr auto kInverseRoot2 = Scalar(1 / std::numbers::sqrt2);
constexpr auto kDensity = Scalar(std::numbers::inv_sqrtpi / std::numbers::sqrt2);  // 1 / sqrt(2 pi)

Scalar cumulative(Scalar v) { return Scalar(0.5) * (1 + erf(v * kInverseRoot2)); }

// y and dy/dx at once: both need Phi(x), which costs the most.
struct Gelu {
  Tensor y, slope;
};
Gelu gelu_with_slope(const Tensor& x) {
  const Tensor in = x.contiguous();
  Gelu gelu{Tensor::uninitialized(x.shape()), Tensor::uninitialized(x.shape())};
  const Scalar* p = in.base();
  Scalar *y = gelu.y.base(), *slope = gelu.slope.base();
  parallel_for(in.size(), 8192, [=](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Scalar v = p[i], phi = cumulative(v);
      y[i] = v * phi;
      slope[i] = phi + v * kDensity * exp(v * v * Scalar(-0.5));
    }
  });
  return gelu;
}

}  // namespace

// y = x Phi(x), Phi(x) = (1 + erf(x / sqrt 2)) / 2.
//                               dL/dx = g * (Phi(x) + x phi(x)), phi(x) = e^(-x^2 / 2) / sqrt(2 pi)
Variable gelu(const Variable& x) {
  if (!grad_enabled() || !x.requires_grad())
    return record("gelu", map(x.value(), [](Scalar v) { return v * cumulative(v); }), {});
  const Gelu forward = gelu_with_slope(x.value());
  return record("gelu", forward.y,
                {{x, [x, slope = forward.slope](const Variable& g, const Variable&) -> Variable {
                    if (!grad_enabled()) return g * slope;
                    const Variable phi = exp(x * x * Scalar(-0.5)) * kDensity;
                    return g * ((erf(x * kInverseRoot2) + 1) * Scalar(0.5) + x * phi);
                  }}});
}

// y = sqrt x.                                     dL/dx = g / (2 y)
Variable sqrt(const Variable& x) {
  return record("sqrt", map(x.value(), [](Scalar v) { return std::sqrt(v); }),
                {{x, [](const Variable& g, const Variable& y) { return g / (2 * y); }}});
}

// y = |x|.                                        dL/dx = g * sign(x), 0 at 0
Variable abs(const Variable& x) {
  return record("abs", map(x.value(), [](Scalar v) { return std::abs(v); }),
                {{x, [x](const Variable& g, const Variable&) {
                    return g * map(x.value(), [](Scalar v) { return Scalar((v > 0) - (v < 0)); });
                  }}});
}

// y = x^p for a constant p.                       dL/dx = g * p x^(p-1)
Variable pow(const Variable& x, Scalar p) {
  return record("pow", map(x.value(), [p](Scalar v) { return std::pow(v, p); }),
                {{x, [x, p](const Variable& g, const Variable&) {
                    return p == 0 ? g * Scalar(0) : g * (p * pow(x, p - 1));
                  }}});
}

// y = min(max(x, low), high).                     dL/dx = g where low <= x <= high, else 0
Variable clamp(const Variable& x, Scalar low, Scalar high) {
  if (!(low <= high)) throw ValueError(message("clamp: low ", low, " is above high ", high));
  return record(
      "clamp",
      map(x.value(), [low, high](Scalar v) { return v < low    ? low
                                                    : v > high ? high
                                                               : v; }),
      {{x, [x, low, high](const Variable& g, const Variable&) {
          // & and not &&, which would branch for each number.
          return g *
                 map(x.value(), [low, high](Scalar v) { return Scalar((low <= v) & (v <= high)); });
        }}});
}

}  // namespace rapt
