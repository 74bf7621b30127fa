#pragma once
// What the tests of layers and optimizers share: how numbers are compared, how a refusal is read,
// and the checks that every module must pass. A comparison that fails says where, and shows both
// numbers.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/gradcheck.h"
#include "autograd/ops.h"
#include "nn/module.h"
#include "tensor/random.h"

namespace rapt {

// How far two ways of computing the same thing may be apart.
inline constexpr double kClose = std::is_same_v<Scalar, double> ? 1e-10 : 1e-5;

inline Tensor random_tensor(const Shape& shape, std::uint64_t seed = 1) {
  Rng rng(seed);
  return uniform(shape, 1, rng);
}

inline Variable random_input(const Shape& shape, std::uint64_t seed = 1) {
  return Variable(random_tensor(shape, seed), true);
}

// "[1, 0, 2]": where element `flat` stands in the shape.
inline std::string position(Index flat, const Shape& shape) {
  const Shape strides = row_major_strides(shape);
  Shape at = shape;
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    at[axis] = flat / strides[axis];
    flat %= strides[axis];
  }
  return to_string(at);
}

using SameNumber = std::function<bool(Scalar got, Scalar expected)>;

inline testing::AssertionResult compare(const Tensor& got, const Tensor& expected,
                                        const SameNumber& same) {
  if (got.shape() != expected.shape())
    return testing::AssertionFailure() << "expected the shape " << to_string(expected.shape())
                                       << ", got " << to_string(got.shape());
  const std::vector<Scalar> a = got.values(), b = expected.values();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i]))
      return testing::AssertionFailure()
             << "at " << position(static_cast<Index>(i), got.shape()) << ": expected "
             << number_text(b[i]) << ", got " << number_text(a[i]) << ", apart by "
             << number_text(std::abs(double(a[i]) - double(b[i])));
  return testing::AssertionSuccess();
}

// A NaN is close to nothing.
inline testing::AssertionResult close(const Tensor& got, const Tensor& expected,
                                      double tolerance = kClose) {
  return compare(got, expected, [tolerance](Scalar a, Scalar b) {
    return std::abs(double(a) - double(b)) <= tolerance * std::max(1.0, std::abs(double(b)));
  });
}

inline testing::AssertionResult close(const Variable& got, const Tensor& expected) {
  return close(got.value(), expected);
}

inline testing::AssertionResult same_bits(const Tensor& got, const Tensor& expected) {
  using Bits = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;
  return compare(got, expected, [](Scalar a, Scalar b) {
    return std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
  });
}

inline testing::AssertionResult same_bits(const Variable& got, const Variable& expected) {
  return same_bits(got.value(), expected.value());
}

// What an error of this kind says; an error of another kind fails the test.
template <class Error, class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

inline std::vector<std::string> names_of(const nn::Module& module) {
  std::vector<std::string> names;
  for (const NamedVariable& p : module.named_parameters()) names.push_back(p.name);
  return names;
}

// A layer's weights, chosen by hand.
inline void set_parameter(const nn::Module& module, const std::string& name,
                          const std::vector<Scalar>& values) {
  for (NamedVariable p : module.named_parameters()) {
    if (p.name != name) continue;
    p.variable.mutable_value() = Tensor(p.variable.shape(), values);
    return;
  }
  ADD_FAILURE() << "no parameter " << name;
}

inline void set_all_parameters(const nn::Module& module, Scalar value) {
  for (Variable p : module.parameters()) p.mutable_value() = Tensor(p.shape(), value);
}

inline double largest_magnitude(const Tensor& x) {
  double largest = 0;
  for (const Scalar v : x.values())
    largest = std::isfinite(v) ? std::max(largest, std::abs(double(v))) : double(v);
  return largest;
}

// Gradients are those of sum(w * y) with w drawn at random: the plain sum of a softmax, or of a
// layer norm, is constant.
inline void backward_at_random(const Variable& y) {
  backward(sum(y * random_tensor(y.shape(), 99)));
}

// Every parameter receives a gradient that is finite and not zero. The bias of a key adds the same
// number to all scores of a query, and softmax does not see it: such parameters are `idle`, and
// rounding is all that they may receive.
inline void expect_every_parameter_learns(const nn::Module& module, const Variable& y,
                                          const std::vector<std::string>& idle = {}) {
  for (Variable p : module.parameters()) p.clear_grad();
  backward_at_random(y);
  EXPECT_FALSE(module.parameters().empty()) << "the module has no parameters";
  for (const NamedVariable& p : module.named_parameters()) {
    ASSERT_TRUE(p.variable.has_grad()) << p.name << ": no gradient arrived";
    const Tensor& gradient = p.variable.grad();
    EXPECT_EQ(to_string(gradient.shape()), to_string(p.variable.shape())) << p.name;
    for (const Scalar g : gradient.values()) ASSERT_TRUE(std::isfinite(g)) << p.name << ": " << g;
    bool rests = false;
    for (const std::string& name : idle) rests = rests || name == p.name;
    if (rests)
      EXPECT_LT(largest_magnitude(gradient), kClose) << p.name << " should have no influence";
    else
      EXPECT_GT(largest_magnitude(gradient), 1e-6) << p.name << ": the gradient is zero";
  }
}

// Compares the gradients of y() for all inputs and all parameters with differences.
inline void expect_gradients_match_differences(const nn::Module& module,
                                               std::vector<Variable> inputs,
                                               const std::function<Variable()>& y) {
  const std::size_t count = inputs.size();
  for (const Variable& p : module.parameters()) inputs.push_back(p);
  const CheckResult result =
      gradcheck([&y](const std::vector<Variable>&) { return y(); }, inputs, 1e-6);
  EXPECT_TRUE(result) << result.failure << "; from input " << count << " on, the parameters "
                      << testing::PrintToString(names_of(module));
}

// Two modules made with one seed: the same names, shapes and bits.
inline void expect_same_parameters(const nn::Module& a, const nn::Module& b) {
  ASSERT_EQ(names_of(a), names_of(b));
  for (std::size_t i = 0; i < a.parameters().size(); ++i)
    EXPECT_TRUE(same_bits(a.parameters()[i], b.parameters()[i])) << names_of(a)[i];
}

}  // namespace rapt
