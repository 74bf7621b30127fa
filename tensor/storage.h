#pragma once
#include <utility>

#include "tensor/scalar.h"

namespace rapt {

// A counted handle to a block of numbers, aligned to 64 bytes. Several tensors may view one block;
// the last handle gives it back to a pool, from which the next block of that size class is taken:
// the steps of a training loop all need the same sizes, so after the first few of them the
// system's allocator is not asked any more. Handles may be used from several threads.
class Storage {
 public:
  explicit Storage(Index count);  // uninitialized
  Storage(const Storage& other);
  Storage(Storage&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Storage& operator=(Storage other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Storage();

  Scalar* data() const;
  bool is_unique() const;  // no other handle to this block

  struct Block;

 private:
  Block* block_;
};

}  // namespace rapt
