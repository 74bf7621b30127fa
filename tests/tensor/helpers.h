#pragma once
// What the tests share: errors as text, random inputs, comparisons that say where they fail, and
// the plain loops that every kernel is held against.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tensor/elementwise.h"
#include "tensor/random.h"

namespace rapt::testing_helpers {

using Position = std::vector<Index>;

// error<ShapeError>(f): the text of the ShapeError that f throws.
template <class Error, class F>
std::string error(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "(no error)";
}

inline Tensor random(const Shape& shape, std::uint64_t seed = 1) {
  Rng rng(seed);
  return uniform(shape, 2, rng);
}

// 0, 1, 2, .. row by row.
inline Tensor counting(const Shape& shape) {
  Tensor x(shape);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Scalar>(i);
  return x;
}

inline Scalar at(const Tensor& x, const Position& position) {
  Index offset = 0;
  for (std::size_t i = 0; i < position.size(); ++i)
    offset += position[i] * x.strides()[static_cast<Index>(i)];
  return x.base()[offset];
}

// visit(position) for every position of a shape, row by row.
template <class Visit>
void for_each(const Shape& shape, Visit visit) {
  if (element_count(shape) == 0) return;
  Position position(static_cast<std::size_t>(shape.rank()), 0);
  for (;;) {
    visit(std::as_const(position));
    Index axis = shape.rank() - 1;
    while (axis >= 0 && ++position[axis] == shape[axis]) position[axis--] = 0;
    if (axis < 0) return;
  }
}

// The slow way: y[position] = f(position).
template <class F>
Tensor made(const Shape& shape, F f) {
  std::vector<Scalar> values;
  for_each(shape, [&](const Position& p) { values.push_back(f(p)); });
  return Tensor(shape, values);
}

// Equal shapes, and each number within tolerance * max(1, |expected|); exactly equal by default.
inline testing::AssertionResult same(const Tensor& got, const Tensor& expected,
                                     double tolerance = 0) {
  if (got.shape() != expected.shape())
    return testing::AssertionFailure() << "shape: expected " << to_string(expected.shape())
                                       << ", got " << to_string(got.shape());
  const std::vector<Scalar> a = got.values(), b = expected.values();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool equal = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) ||
                       std::abs(a[i] - b[i]) <= tolerance * std::max(1.0, double(std::abs(b[i])));
    if (!equal)
      return testing::AssertionFailure() << "element " << i << " of " << to_string(got.shape())
                                         << ": expected " << b[i] << ", got " << a[i];
  }
  return testing::AssertionSuccess();
}

// Rounding of a short sum: 1e-5 in float, 1e-12 in double.
inline constexpr double kRounding = sizeof(Scalar) == 4 ? 1e-5 : 1e-12;

inline testing::AssertionResult same_bits(const Tensor& got, const Tensor& expected) {
  const std::vector<Scalar> a = got.values(), b = expected.values();
  if (got.shape() != expected.shape()) return same(got, expected);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::memcmp(&a[i], &b[i], sizeof(Scalar)) != 0)
      return testing::AssertionFailure() << "element " << i << " of " << to_string(got.shape())
                                         << ": expected " << b[i] << ", got " << a[i];
  return testing::AssertionSuccess();
}

inline testing::AssertionResult finite(const Tensor& x) {
  const std::vector<Scalar> values = x.values();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return testing::AssertionFailure()
             << "element " << i << " of " << to_string(x.shape()) << " is " << values[i];
  return testing::AssertionSuccess();
}

}  // namespace rapt::testing_helpers
