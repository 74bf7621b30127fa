#include "tensor/math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <ostream>
#include <string>
#include <type_traits>

#include "tensor/scalar.h"

namespace rapt {
namespace {

// A type with more digits than Scalar: in it, std:: is the truth.
using Wide = std::conditional_t<sizeof(Scalar) == sizeof(float), double, long double>;
using Limits = std::numeric_limits<Scalar>;

// Units in the last place. The float functions are ours; the libraries behind double promise less.
constexpr Wide allowed_error = sizeof(Scalar) == sizeof(float) ? 2 : 4;

constexpr Scalar infinity = Limits::infinity();
constexpr Scalar nan = Limits::quiet_NaN();

struct Function {
  const char* name;
  Scalar (*ours)(Scalar);
  Wide (*truth)(Wide);
};

// For failure messages: an unnamed table row would be printed as bytes.
void PrintTo(const Function& function, std::ostream* out) { *out << function.name; }

const Function exp_row = {"exp", exp, [](Wide x) { return std::exp(x); }};
const Function log_row = {"log", log, [](Wide x) { return std::log(x); }};
const Function tanh_row = {"tanh", tanh, [](Wide x) { return std::tanh(x); }};
const Function erf_row = {"erf", erf, [](Wide x) { return std::erf(x); }};
const Function sigmoid_row = {"sigmoid", sigmoid, [](Wide x) { return 1 / (1 + std::exp(-x)); }};

std::string report(const Function& function, Scalar x, Wide expected, Scalar got) {
  char text[200];
  std::snprintf(text, sizeof text, "%s(%.17g = %a): expected %.20Lg, got %.17g", function.name,
                double(x), double(x), static_cast<long double>(expected), double(got));
  return text;
}

// The distance between neighbouring Scalars at |value|; among the denormals it is constant.
Wide spacing(Wide value) {
  const int lowest = Limits::min_exponent - Limits::digits;
  int exponent = lowest;
  if (value != 0) std::frexp(value, &exponent);
  return std::ldexp(Wide(1), std::max(exponent - Limits::digits, lowest));
}

// |got - expected| in units of the last place of the expected value, which is not rounded. A NaN,
// or an infinity that is not exactly where rounding to Scalar has one, is infinitely wrong.
Wide ulp_error(Wide expected, Scalar got) {
  const Scalar rounded = static_cast<Scalar>(expected);
  if (std::isnan(rounded) && std::isnan(got)) return 0;
  if (!std::isfinite(rounded) || !std::isfinite(got)) return rounded == got ? 0 : infinity;
  return std::fabs(got - expected) / spacing(expected);
}

// Bit patterns of Scalar in equal steps: all signs, exponents, denormals, infinities, NaNs.
template <typename Visit>
void for_all_scalars(Visit visit) {
  using Bits = std::conditional_t<sizeof(Scalar) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits count = 2'000'003;
  constexpr Bits step = std::numeric_limits<Bits>::max() / count;
  for (Bits i = 0; i <= count; ++i) visit(std::bit_cast<Scalar>(i * step));
}

// Values in equal distances, where the functions are neither constant nor trivial.
template <typename Visit>
void for_common_scalars(Visit visit) {
  for (int i = -1'000'000; i <= 1'000'000; ++i) visit(Scalar(i) * Scalar(1.1e-4));
}

class MathTest : public testing::TestWithParam<Function> {};

INSTANTIATE_TEST_SUITE_P(Functions, MathTest,
                         testing::Values(exp_row, log_row, tanh_row, erf_row, sigmoid_row),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(MathTest, StaysCloseToTheExactValue) {
  const Function& function = GetParam();
  Wide worst = -1;
  Scalar worst_x = 0;
  const auto visit = [&](Scalar x) {
    const Wide error = ulp_error(function.truth(x), function.ours(x));
    if (error > worst) {
      worst = error;
      worst_x = x;
    }
  };
  for_all_scalars(visit);
  for_common_scalars(visit);
  EXPECT_LE(worst, allowed_error) << report(function, worst_x, function.truth(worst_x),
                                            function.ours(worst_x));
}

TEST_P(MathTest, KeepsNaN) {
  for (Scalar x : {nan, -nan}) {
    EXPECT_TRUE(std::isnan(GetParam().ours(x))) << report(GetParam(), x, x, GetParam().ours(x));
  }
}

struct Value {
  Function function;
  Scalar x, expected;
};

// Compares the sign too, because 0 == -0.
void expect_exactly(const Value& value) {
  const Scalar got = value.function.ours(value.x);
  EXPECT_TRUE(got == value.expected && std::signbit(got) == std::signbit(value.expected))
      << report(value.function, value.x, value.expected, got);
}

TEST(Math, SpecialValuesAreExact) {
  const Scalar zero = 0, one = 1, large = Scalar(1e4), largest = Limits::max();
  for (const Value& value : {
           Value{exp_row, zero, 1},
           {exp_row, -zero, 1},
           {exp_row, infinity, infinity},
           {exp_row, -infinity, 0},
           {exp_row, large, infinity},
           {exp_row, -large, 0},
           {exp_row, -largest, 0},
           {log_row, one, 0},
           {log_row, zero, -infinity},
           {log_row, -zero, -infinity},
           {log_row, infinity, infinity},
           {tanh_row, zero, 0},
           {tanh_row, -zero, -zero},
           {erf_row, zero, 0},
           {erf_row, -zero, -zero},
           {sigmoid_row, zero, Scalar(0.5)},
           {sigmoid_row, -zero, Scalar(0.5)},
           {sigmoid_row, large, 1},
           {sigmoid_row, -large, 0},
           {sigmoid_row, infinity, 1},
           {sigmoid_row, -infinity, 0},
       }) {
    expect_exactly(value);
  }
}

TEST(Math, LogOfANegativeNumberIsNaN) {
  for (Scalar x : {-Limits::denorm_min(), Scalar(-1), -Limits::max(), -infinity}) {
    EXPECT_TRUE(std::isnan(log(x))) << report(log_row, x, nan, log(x));
  }
}

TEST(Math, SaturatesExactly) {
  for (const Function& function : {tanh_row, erf_row}) {
    for (Scalar x : {Scalar(20), Scalar(300), Limits::max(), infinity}) {
      expect_exactly({function, x, 1});
      expect_exactly({function, -x, -1});
    }
  }
}

TEST(Math, NeverLeavesItsRange) {
  for (const Function& function : {tanh_row, erf_row, sigmoid_row}) {
    const Scalar lowest = function.ours == sigmoid ? 0 : -1;
    int failures = 0;
    const auto visit = [&](Scalar x) {
      const Scalar y = function.ours(x);
      if (std::isnan(x) || (y >= lowest && y <= 1) || ++failures > 5) return;
      ADD_FAILURE() << report(function, x, function.truth(x), y);
    };
    for_all_scalars(visit);
    for_common_scalars(visit);
  }
}

TEST(Math, TanhAndErfAreOdd) {
  for (const Function& function : {tanh_row, erf_row}) {
    int failures = 0;
    for_all_scalars([&](Scalar x) {
      const Scalar y = function.ours(x), mirrored = -function.ours(-x);
      const bool odd = y == mirrored && std::signbit(y) == std::signbit(mirrored);
      if (std::isnan(x) || odd || ++failures > 5) return;
      ADD_FAILURE() << report(function, x, mirrored, y);
    });
  }
}

// The places where a formula changes: the ends of the range of exp and of the denormals, the
// seams of the range reductions, each with its neighbours.
TEST_P(MathTest, HoldsAtTheEdges) {
  const Function& function = GetParam();
  const Scalar ln2 = std::log(Scalar(2)), highest = std::log(Limits::max());
  const Scalar normal = std::log(Limits::min()), lowest = std::log(Limits::denorm_min());
  for (Scalar edge :
       {highest, normal, lowest, lowest - ln2, Scalar(-100), Scalar(-104), Scalar(89), ln2 / 2,
        3 * ln2 / 2, std::sqrt(Scalar(0.5)), std::sqrt(Scalar(2)), Limits::min(),
        Limits::denorm_min(), Limits::max(), Scalar(0.5493), Scalar(4), Scalar(10), Scalar(20)}) {
    for (Scalar x : {edge, -edge}) {
      for (Scalar neighbour : {std::nextafter(x, -infinity), x, std::nextafter(x, infinity)}) {
        const Scalar got = function.ours(neighbour);
        EXPECT_LE(ulp_error(function.truth(neighbour), got), allowed_error)
            << report(function, neighbour, function.truth(neighbour), got);
      }
    }
  }
}

}  // namespace
}  // namespace rapt
