#pragma once
#include <atomic>
#include <utility>

#include "tensor/memory.h"
#include "tensor/scalar.h"

namespace rapt {

// A counted handle to a block of numbers that begins on a cache line. Several tensors may view one
// block; the last handle gives it back, to be used again. Handles may be used from several threads.
class Storage {
 public:
  explicit Storage(Index count)  // uninitialized
      : block_(new (take_block(bytes(count))) Block{1, count}) {}
  Storage(const Storage& other) : block_(other.block_) {
    block_->handles.fetch_add(1, std::memory_order_relaxed);
  }
  Storage(Storage&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Storage& operator=(Storage other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Storage() {
    // The only handle there is cannot be copied meanwhile, so it need not count down.
    if (block_ && (is_unique() || block_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1))
      give_block(block_, bytes(block_->count));
  }

  Scalar* data() const { return reinterpret_cast<Scalar*>(block_ + 1); }
  bool is_unique() const {  // no other handle to this block
    return block_->handles.load(std::memory_order_acquire) == 1;
  }

 private:
  struct alignas(kCacheLine) Block {  // the header; the numbers follow it, one line further on
    std::atomic<int> handles;
    Index count;
  };
  static std::size_t bytes(Index count) {
    return sizeof(Block) + static_cast<std::size_t>(count) * sizeof(Scalar);
  }

  Block* block_;
};

}  // namespace rapt
