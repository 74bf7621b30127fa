#include "tensor/memory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <limits>
#include <mutex>
#include <utility>

#include "tensor/scalar.h"

namespace rapt {
namespace {

// Sizes are rounded up to a line and 1, 2, .. 8, 10, 12, 14, 16, 20, .. lines behind it: four
// steps per doubling, so that at most a fifth is wasted. The one line more is the header of a
// tensor's block, whose numbers are often a power of two.
constexpr int class_of(std::size_t bytes) {
  if (bytes <= kCacheLine) return 0;
  const std::size_t last = (bytes - 1) / kCacheLine - 1;
  const int shift = std::max(0, static_cast<int>(std::bit_width(last)) - 3);
  return 1 + 4 * shift + static_cast<int>(last >> shift);
}

constexpr std::size_t bytes_of(int size_class) {
  if (size_class == 0) return kCacheLine;
  const int shift = std::max(0, (size_class - 1) / 4 - 1);
  const std::size_t last = static_cast<std::size_t>(size_class - 1 - 4 * shift);
  return kCacheLine * (1 + ((last + 1) << shift));
}

constexpr int kClasses = class_of(std::numeric_limits<std::size_t>::max() / 4) + 1;

static_assert([] {
  for (int c = 0; c + 1 < kClasses; ++c)
    if (class_of(bytes_of(c)) != c || class_of(bytes_of(c) + 1) != c + 1) return false;
  return true;
}());

struct Waiting {
  Waiting* next;
};

// One chain of waiting blocks per size class, up to `most` bytes together.
class Chains {
 public:
  constexpr explicit Chains(std::size_t most) : most_(most) {}

  void* take(int size_class) {
    Waiting* const block = first_[size_class];
    if (!block) return nullptr;
    first_[size_class] = block->next;
    bytes_ -= bytes_of(size_class);
    return block;
  }

  bool give(void* block, int size_class) {
    if (bytes_ + bytes_of(size_class) > most_) return false;
    bytes_ += bytes_of(size_class);
    first_[size_class] = new (block) Waiting{first_[size_class]};
    return true;
  }

 private:
  std::size_t most_, bytes_ = 0;
  std::array<Waiting*, kClasses> first_{};
};

// Under the address sanitizer nothing waits: a read after the end must meet freed memory.
#if RAPT_SANITIZE
constexpr std::size_t kMostShared = 0, kMostOwn = 0;
#else
constexpr std::size_t kMostShared = std::size_t{1} << 30, kMostOwn = std::size_t{4} << 20;
#endif
constexpr int kOwnClasses = class_of(std::size_t{1} << 16) + 1;  // larger blocks are shared

std::atomic<std::size_t> requests{0}, held{0};

// What all threads share. Never destroyed: tensors with static lifetime may outlive everything.
struct Shared {
  std::mutex mutex;
  Chains chains{kMostShared};

  void* take(int size_class) {
    {
      const std::lock_guard lock(mutex);
      if (void* block = chains.take(size_class)) return block;
    }
    void* const block = ::operator new(bytes_of(size_class), std::align_val_t(kCacheLine));
    requests.fetch_add(1, std::memory_order_relaxed);
    held.fetch_add(bytes_of(size_class), std::memory_order_relaxed);
    return block;
  }

  void give(void* block, int size_class) {
    {
      const std::lock_guard lock(mutex);
      if (chains.give(block, size_class)) return;
    }
    held.fetch_sub(bytes_of(size_class), std::memory_order_relaxed);
    ::operator delete(block, std::align_val_t(kCacheLine));
  }
};

Shared& shared() {
  static Shared* const instance = new Shared;
  return *instance;
}

// A thread's own chains; what waits there when it ends goes to the others. `open` outlives them:
// blocks may still come back while the thread's other variables are destroyed.
constinit thread_local bool open = true;
struct Own {
  Chains chains{kMostOwn};
  ~Own() {
    open = false;
    for (int c = 0; c < kOwnClasses; ++c)
      while (void* block = chains.take(c)) shared().give(block, c);
  }
};
thread_local Own own;

}  // namespace

void* take_block(std::size_t bytes) {
  const int c = class_of(bytes);
  if (c < kOwnClasses && open)
    if (void* block = own.chains.take(c)) return block;
  return shared().take(c);
}

void give_block(void* block, std::size_t bytes) {
  const int c = class_of(bytes);
  if (c < kOwnClasses && open && own.chains.give(block, c)) return;
  shared().give(block, c);
}

MemoryStatistics memory_statistics() { return {requests, held}; }

}  // namespace rapt
