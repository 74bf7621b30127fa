#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tensor/scalar.h"

namespace rapt {

// The elementary functions of Scalar. In float they are our own, from nothing but sums, products,
// quotients, std::fma and selections: a loop over them becomes vector code, and the bits are the
// same on every system, which no mathematical library promises. In double they forward to std::,
// as double serves the gradient checks and float the training. "Error" is the largest one found
// among the floats, in units in the last place of the exact value (rounding alone costs 0.5).

namespace detail {

// odds / (1 + odds) for odds in [0, infinity]. As n - n (n / (1 + odds)) with n = min(odds, 1)
// neither infinite odds nor the rounding of 1 + odds do harm.
inline Scalar odds_to_probability(Scalar odds) {
  const Scalar n = odds < 1 ? odds : Scalar(1);
  return std::fma(-n, n / (1 + odds), n);
}

}  // namespace detail

#if RAPT_DOUBLE

inline Scalar exp(Scalar x) { return std::exp(x); }
inline Scalar log(Scalar x) { return std::log(x); }
inline Scalar tanh(Scalar x) { return std::tanh(x); }
inline Scalar erf(Scalar x) { return std::erf(x); }

#else

namespace detail {

// c0 + x (c1 + x (c2 + ..)), Horner's rule. The coefficients given to it make the largest relative
// error of the function that calls it as small as possible; they differ a little from Taylor's.
inline float polynomial(float, float c0) { return c0; }
template <typename... Rest>
float polynomial(float x, float c0, Rest... rest) {
  return std::fma(x, polynomial(x, rest...), c0);
}

// 2^k for -127 < k < 128, 0 for k = -127: a float without fraction is its exponent field.
inline float power_of_two(std::int32_t k) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(k + 127) << 23);
}

// e^x = 2^k (1 + q) with k the integer nearest to x / ln 2, for |x| < 200.
struct SplitExp {
  std::int32_t k;
  float q;
};

// q = e^r - 1 = r + r^2 P(r) with r = x - k ln 2, |r| <= ln 2 / 2.
inline SplitExp split_exp(float x) {
  // Floats near 1.5 * 2^23 lie 1 apart: the sum is rounded to an integer, k in its lowest bits.
  const float shift = 0x1.8p23f;
  const float shifted = std::fma(x, 0x1.715476p0f, shift);  // 1 / ln 2
  const std::int32_t k = std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(shift);
  const float whole = shifted - shift;
  // ln 2 in two pieces: k times the rounding error of a single one would show in r.
  const float r = std::fma(whole, 0x1.05c61p-29f, std::fma(whole, -0x1.62e43p-1f, x));
  const float p = polynomial(r, 0x1.fffffep-2f, 0x1.5554b4p-3f, 0x1.5556f6p-5f, 0x1.122538p-7f,
                             0x1.6b97a6p-10f);
  return {k, std::fma(r * r, p, r)};
}

// Beyond these e^x is 0 (below -104 already) and infinite. At kExpLow both factors 2^k are 0: of a
// masked score, minus infinity, comes 0 * 0 and not a product that underflows, which takes three
// times as long. The numbers stand in math.cpp, where compilers do not see them: of two clamps to
// numbers that it knows g++ 12 makes ten instructions, else two.
extern const float kExpLow, kExpHigh;

// e^x - 1 = 2^k q + (2^k - 1), which keeps its digits near 0. For |x| <= 20.
inline float expm1(float x) {
  const SplitExp e = split_exp(x);
  const float scale = power_of_two(e.k);
  return std::fma(scale, e.q, scale - 1.0f);
}

}  // namespace detail

// e^x = 2^k (1 + q)   [Eq 17.2]. Two factors make 2^k: alone it can leave the range of float where
// e^x does not. Error 1.04.
inline Scalar exp(Scalar x) {
  const float low = x < detail::kExpLow ? detail::kExpLow : x;  // written so that NaN stays NaN
  const detail::SplitExp e = detail::split_exp(low > detail::kExpHigh ? detail::kExpHigh : low);
  const std::int32_t half = e.k >> 1;
  const float scale = detail::power_of_two(half);
  return std::fma(scale, e.q, scale) * detail::power_of_two(e.k - half);
}

// log x = k ln 2 + log(1 + f) for x = 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), with
// log(1 + f) = f + f^2 P(f). Error 1.14.
inline Scalar log(Scalar x) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  // The exponent field of a denormal says nothing: 2^24 lifts it among the normal numbers. (A
  // mask, because g++ does not vectorize the loop if the factor is selected by a comparison.)
  const std::uint32_t above = std::bit_cast<std::uint32_t>(x) - 0x00800000;
  const std::int32_t lift = (static_cast<std::int32_t>(above) >> 31) & 24;
  const float normal = x * detail::power_of_two(lift);

  const std::uint32_t sqrt_half = 0x3f3504f3;
  const std::uint32_t distance = std::bit_cast<std::uint32_t>(normal) - sqrt_half;
  const std::int32_t k = static_cast<std::int32_t>(distance) >> 23;
  const float f = std::bit_cast<float>((distance & 0x007fffff) + sqrt_half) - 1.0f;
  const float p =
      detail::polynomial(f, -0x1.fffffap-2f, 0x1.5556fp-2f, -0x1.0004a8p-2f, 0x1.98d3ap-3f,
                         -0x1.535c2ap-3f, 0x1.317caap-3f, -0x1.2505aep-3f, 0x1.65f0ep-4f);
  const float y = std::fma(static_cast<float>(k - lift), 0x1.62e43p-1f, std::fma(f * f, p, f));

  // Outside (0, infinity) y means nothing but is finite, so an addend can overrule it.
  float special = x < infinity ? 0.0f : x;
  special = x == 0.0f ? -infinity : special;
  special = x < 0.0f ? nan : special;
  return y + special;
}

// tanh |x| = h / (1 + h), h = (e^(2|x|) - 1) / 2; then the sign. From 2|x| = 20 it is 1 in float.
// Error 1.86.
inline Scalar tanh(Scalar x) {
  const float twice = 2.0f * std::fabs(x);
  const float h = 0.5f * detail::expm1(twice > 20.0f ? 20.0f : twice);
  return std::copysign(detail::odds_to_probability(h), x);
}

// erf |x| = 1 - e^(-g), g = |x| + |x| P(|x|); then the sign. From |x| = 4 it is 1 in float.
// Error 1.84.
inline Scalar erf(Scalar x) {
  const float a = std::fabs(x) > 4.0f ? 4.0f : std::fabs(x);
  const float p = detail::polynomial(a, 0x1.06eba8p-3f, 0x1.45f3p-1f, 0x1.a4f8c4p-4f,
                                     -0x1.39b7cap-6f, -0x1.637a12p-13f, 0x1.b744ccp-10f,
                                     -0x1.4e2996p-11f, 0x1.f28acep-14f, -0x1.3b02a8p-17f);
  return std::copysign(detail::expm1(-std::fma(a, p, a)), x);
}

#endif

// 1 / (1 + e^-x) = e^x / (1 + e^x). Error 1.67.
inline Scalar sigmoid(Scalar x) { return detail::odds_to_probability(exp(x)); }

}  // namespace rapt
