#pragma once
#include <cmath>
#include <cstring>
#include <utility>

#if defined(__FMA__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#include "tensor/scalar.h"

// A vector of kLanes numbers that the machine loads, multiplies and stores in one instruction.
// GCC and clang have such a type built in; elsewhere a plain array does the same, more slowly.
namespace rapt::simd {

#if defined(__AVX512F__)
inline constexpr int kBytes = 64, kRegisters = 32;
#elif defined(__AVX__)
inline constexpr int kBytes = 32, kRegisters = 16;
#elif defined(__aarch64__)
inline constexpr int kBytes = 16, kRegisters = 32;
#else
inline constexpr int kBytes = 16, kRegisters = 16;
#endif
inline constexpr int kLanes = kBytes / static_cast<int>(sizeof(Scalar));
inline constexpr int kLine = kCacheLine / sizeof(Scalar);  // numbers in a line of cache

// Whether the machine rounds a * b + c once. Where it rounds twice, products have other last bits.
#if (defined(__FMA__) || defined(__aarch64__)) && defined(__GNUC__)
inline constexpr bool kFused = true;
#else
inline constexpr bool kFused = false;
#endif

#if defined(__GNUC__)

typedef Scalar Vector __attribute__((vector_size(kBytes)));

inline Vector broadcast(Scalar value) { return value - Vector{}; }  // x - 0 is x, even for x = -0

// sum + a * b, rounded once. The instruction is named, because g++ contracts the formula by itself
// from -O2 on only, and a debug build should have the same bits.
#if defined(__AVX512F__)
inline __m512 multiply_add(__m512 a, __m512 b, __m512 sum) { return _mm512_fmadd_ps(a, b, sum); }
inline __m512d multiply_add(__m512d a, __m512d b, __m512d sum) {
  return _mm512_fmadd_pd(a, b, sum);
}
#elif defined(__FMA__)
inline __m256 multiply_add(__m256 a, __m256 b, __m256 sum) { return _mm256_fmadd_ps(a, b, sum); }
inline __m256d multiply_add(__m256d a, __m256d b, __m256d sum) {
  return _mm256_fmadd_pd(a, b, sum);
}
#elif defined(__aarch64__)
inline Vector multiply_add(Vector a, Vector b, Vector sum) {
  for (int i = 0; i < kLanes; ++i) sum[i] = std::fma(a[i], b[i], sum[i]);
  return sum;
}
#else
inline Vector multiply_add(Vector a, Vector b, Vector sum) { return sum + a * b; }
#endif

// f of each lane, for an f that is written for numbers and vectors alike.
template <class F, class... V>
Vector lanewise(F f, V... v) {
  return f(v...);
}

// The lanes from `first` on, in front; those behind them mean nothing.
template <int first, int... i>
Vector lanes_from(Vector v, std::integer_sequence<int, i...>) {
  return __builtin_shufflevector(v, v, ((i + first) % kLanes)...);
}
template <int first>
Vector lanes_from(Vector v) {
  return lanes_from<first>(v, std::make_integer_sequence<int, kLanes>());
}

// Holds v in a register. Left alone, g++ loads a vector from memory once for each of its uses.
inline void keep([[maybe_unused]] Vector& v) {
#if defined(__x86_64__)
  asm("" : "+v"(v));
#endif
}

// Asks for a line of memory ahead of its use, be it read or written. Any address will do.
inline void prefetch(const Scalar* at) { __builtin_prefetch(at); }
inline void prefetch_to_write(const Scalar* at) { __builtin_prefetch(at, 1); }

// Cuts a and b into pieces of `size` lanes and lets the odd pieces of a change places with the even
// pieces of b: a0 a1 a2 a3, b0 b1 b2 b3 become a0 b0 a2 b2, a1 b1 a3 b3.
template <int size, int... i>
void exchange(Vector& a, Vector& b, std::integer_sequence<int, i...>) {
  const Vector left = __builtin_shufflevector(a, b, (i & size ? i - size + kLanes : i)...);
  b = __builtin_shufflevector(a, b, (i & size ? i + kLanes : i + size)...);
  a = left;
}
template <int size>
void exchange(Vector& a, Vector& b) {
  exchange<size>(a, b, std::make_integer_sequence<int, kLanes>());
}

#else

struct Vector {
  Scalar lane[kLanes];
  Scalar& operator[](int i) { return lane[i]; }
  Scalar operator[](int i) const { return lane[i]; }
};

inline Vector broadcast(Scalar value) {
  Vector v;
  for (int i = 0; i < kLanes; ++i) v[i] = value;
  return v;
}
inline Vector multiply_add(const Vector& a, const Vector& b, Vector sum) {
  for (int i = 0; i < kLanes; ++i) sum[i] = sum[i] + a[i] * b[i];
  return sum;
}
template <class F, class... V>
Vector lanewise(F f, V... v) {
  Vector y;
  for (int i = 0; i < kLanes; ++i) y[i] = f(v[i]...);
  return y;
}
template <int first>
Vector lanes_from(Vector v) {
  for (int i = 0; i + first < kLanes; ++i) v[i] = v[i + first];
  return v;
}
inline void keep(Vector&) {}
inline void prefetch(const Scalar*) {}
inline void prefetch_to_write(const Scalar*) {}
template <int size>
void exchange(Vector& a, Vector& b) {
  for (int i = 0; i < kLanes; ++i)
    if (i & size) std::swap(a[i], b[i - size]);
}

#endif

inline Vector load(const Scalar* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store(Vector v, Scalar* to) { std::memcpy(to, &v, sizeof v); }

// The first `count` lanes; memory beyond them is not read, the lanes beyond are zero.
inline Vector load(const Scalar* from, Index count) {
  if (count >= kLanes) return load(from);
  Scalar lanes[kLanes] = {};
  for (Index i = 0; i < count; ++i) lanes[i] = from[i];
  return load(lanes);
}

// Transposes a square of kLanes x kLanes in registers: all squares of 2 x 2 in it first, then those
// of 4 x 4, .., each by letting its upper right and lower left quarter change places.
template <int size = 1>
void transpose(Vector (&rows)[kLanes]) {
  if constexpr (size < kLanes) {
    for (int i = 0; i < kLanes; ++i)
      if (!(i & size)) exchange<size>(rows[i], rows[i + size]);
    transpose<2 * size>(rows);
  }
}

}  // namespace rapt::simd
