#pragma once
#include <cstddef>
#include <new>

namespace rapt {

// Memory that is used again. A block that is given back waits for the next request of its size:
// the steps of a training loop all need the same sizes, so after the first few of them the system
// is not asked any more. Each thread keeps a few megabytes of small blocks to itself, so that most
// requests need no lock; the rest is shared.
void* take_block(std::size_t bytes);              // uninitialized, on a cache line
void give_block(void* block, std::size_t bytes);  // from any thread; `bytes` as it was taken

// What was asked from the system, for tests and reports.
struct MemoryStatistics {
  std::size_t requests;  // blocks, since the program began
  std::size_t bytes;     // held now, whether in use or waiting
};
MemoryStatistics memory_statistics();

// A base for small objects that come and go with every step: `new` and `delete` use such blocks.
struct Recycled {
  static void* operator new(std::size_t bytes) { return take_block(bytes); }
  static void operator delete(void* block, std::size_t bytes) { give_block(block, bytes); }
};

// The same for the containers of the standard library.
template <class T>
struct RecyclingAllocator {
  using value_type = T;
  RecyclingAllocator() = default;
  template <class U>
  RecyclingAllocator(const RecyclingAllocator<U>&) {}
  T* allocate(std::size_t count) { return static_cast<T*>(take_block(count * sizeof(T))); }
  void deallocate(T* first, std::size_t count) { give_block(first, count * sizeof(T)); }
  bool operator==(const RecyclingAllocator&) const { return true; }
};

}  // namespace rapt
