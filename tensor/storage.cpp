#include "tensor/storage.h"

#include <array>
#include <atomic>
#include <bit>
#include <mutex>
#include <new>
#include <utility>

namespace rapt {

// The header of a block; the numbers follow it, 64 bytes further on.
struct alignas(64) Storage::Block {
  std::atomic<int> handles{1};
  int size_class = 0;
  Block* next = nullptr;  // while the block waits in the pool
};

namespace {

using Block = Storage::Block;

// Blocks of 64 * 2^c bytes, waiting to be used again, one chain per size class c. Never destroyed:
// tensors with static lifetime may outlive everything else.
class Pool {
 public:
  Block* take(Index bytes) {
    const std::size_t units = bytes == 0 ? 1 : static_cast<std::size_t>(bytes + 63) / 64;
    const int size_class = std::bit_width(units - 1);
    {
      const std::lock_guard lock(mutex_);
      if (Block* block = waiting_[size_class]) {
        waiting_[size_class] = block->next;
        waiting_bytes_ -= payload(size_class);
        block->handles.store(1, std::memory_order_relaxed);
        return block;
      }
    }
    void* memory = ::operator new(sizeof(Block) + payload(size_class), std::align_val_t(64));
    Block* block = new (memory) Block;
    block->size_class = size_class;
    return block;
  }

  void give(Block* block) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_bytes_ + payload(block->size_class) <= kMostWaiting) {
        waiting_bytes_ += payload(block->size_class);
        block->next = std::exchange(waiting_[block->size_class], block);
        return;
      }
    }
    ::operator delete(block, std::align_val_t(64));
  }

 private:
  static std::size_t payload(int size_class) { return std::size_t{64} << size_class; }

// Under the address sanitizer nothing waits: a read after the end must meet freed memory.
#if RAPT_SANITIZE
  static constexpr std::size_t kMostWaiting = 0;
#else
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 30;
#endif
  std::mutex mutex_;
  std::array<Block*, 58> waiting_{};
  std::size_t waiting_bytes_ = 0;
};

Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

}  // namespace

Storage::Storage(Index count) : block_(pool().take(count * static_cast<Index>(sizeof(Scalar)))) {}

Storage::Storage(const Storage& other) : block_(other.block_) {
  block_->handles.fetch_add(1, std::memory_order_relaxed);
}

Storage::~Storage() {
  if (block_ && block_->handles.fetch_sub(1, std::memory_order_acq_rel) == 1) pool().give(block_);
}

Scalar* Storage::data() const { return reinterpret_cast<Scalar*>(block_ + 1); }

bool Storage::is_unique() const { return block_->handles.load(std::memory_order_acquire) == 1; }

}  // namespace rapt
