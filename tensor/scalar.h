#pragma once
#include <cstddef>

namespace rapt {

// The number type of the whole library. Training runs in float; gradient checks need the sixteen
// digits of double. CMake builds both from the same sources: `rapt` and `rapt_double`, the second
// with RAPT_DOUBLE and its own namespace, so that the two can never be mixed by the linker.
#if RAPT_DOUBLE
using Scalar = double;
#else
using Scalar = float;
#endif

// Extents, strides and offsets, signed so that negative axes and differences are plain numbers.
using Index = std::ptrdiff_t;

// Bytes that a cache fetches and keeps together. Blocks of numbers begin on such a line.
inline constexpr std::size_t kCacheLine = 64;

}  // namespace rapt
