#include "autograd/arithmetic.h"

#include "tensor/elementwise.h"

namespace rapt {

// y = a + b.                                      dL/da = g          dL/db = g
Variable operator+(const Variable& a, const Variable& b) {
  return record("add", zip("add", a.value(), b.value(), [](Scalar p, Scalar q) { return p + q; }),
                {{a, [](const Variable& g, const Variable&) { return g; }},
                 {b, [](const Variable& g, const Variable&) { return g; }}});
}

// y = a - b.                                      dL/da = g          dL/db = -g
Variable operator-(const Variable& a, const Variable& b) {
  return record("sub", zip("sub", a.value(), b.value(), [](Scalar p, Scalar q) { return p - q; }),
                {{a, [](const Variable& g, const Variable&) { return g; }},
                 {b, [](const Variable& g, const Variable&) { return -g; }}});
}

// y = a * b.                                      dL/da = g * b      dL/db = g * a
Variable operator*(const Variable& a, const Variable& b) {
  return record("mul", zip("mul", a.value(), b.value(), [](Scalar p, Scalar q) { return p * q; }),
                {{a, [b](const Variable& g, const Variable&) { return g * b; }},
                 {b, [a](const Variable& g, const Variable&) { return g * a; }}});
}

// y = a / b.                                      dL/da = g / b      dL/db = -g * y / b
Variable operator/(const Variable& a, const Variable& b) {
  return record("div", zip("div", a.value(), b.value(), [](Scalar p, Scalar q) { return p / q; }),
                {{a, [b](const Variable& g, const Variable&) { return g / b; }},
                 {b, [b](const Variable& g, const Variable& y) { return -(g * y / b); }}});
}

// y = x + c.                                      dL/dx = g
Variable operator+(const Variable& x, Scalar c) {
  return record("shift", map(x.value(), [c](Scalar v) { return v + c; }),
                {{x, [](const Variable& g, const Variable&) { return g; }}});
}

// y = c x.                                        dL/dx = c g
Variable operator*(const Variable& x, Scalar c) {
  return record("scale", map(x.value(), [c](Scalar v) { return v * c; }),
                {{x, [c](const Variable& g, const Variable&) { return g * c; }}});
}

Variable operator-(const Variable& x) { return x * Scalar(-1); }
Variable operator+(Scalar c, const Variable& x) { return x + c; }
Variable operator-(const Variable& x, Scalar c) { return x + -c; }
Variable operator-(Scalar c, const Variable& x) { return -x + c; }
Variable operator*(Scalar c, const Variable& x) { return x * c; }
Variable operator/(const Variable& x, Scalar c) { return x / Variable(c); }
Variable operator/(Scalar c, const Variable& x) { return Variable(c) / x; }

}  // namespace rapt
