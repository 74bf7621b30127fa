#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tensor/scalar.h"

namespace rapt {

// Room for intermediate numbers, on the border of a cache line. Declared thread_local, each thread
// has its own and keeps it from one call to the next.
class Scratch {
 public:
  // At least `count` numbers, whose values are whatever was last written there.
  Scalar* room(Index count) {
    const std::size_t size = static_cast<std::size_t>(count) + kCacheLine / sizeof(Scalar);
    if (numbers_.size() < size) numbers_.resize(size);
    const auto address = reinterpret_cast<std::uintptr_t>(numbers_.data());
    return numbers_.data() + (kCacheLine - address % kCacheLine) % kCacheLine / sizeof(Scalar);
  }

 private:
  std::vector<Scalar> numbers_;
};

}  // namespace rapt
