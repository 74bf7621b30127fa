// Recycled memory: blocks are whole, aligned and used again, by whichever thread.
#include "tensor/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "tensor/scalar.h"

namespace rapt {
namespace {

#if RAPT_SANITIZE
constexpr bool kRecycles = false;  // so that the sanitizer meets every read after the end
#else
constexpr bool kRecycles = true;
#endif

TEST(Memory, BlocksAreAlignedWholeAndDisjoint) {
  std::vector<std::size_t> sizes{0, 1};
  for (std::size_t bytes = 63; bytes < 4'000'000; bytes = bytes * 5 / 4)
    for (const std::size_t more : {0, 1, 2}) sizes.push_back(bytes + more);
  std::vector<void*> blocks;
  for (const std::size_t bytes : sizes) {
    blocks.push_back(take_block(bytes));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blocks.back()) % 64, 0u) << bytes << " bytes";
    std::memset(blocks.back(), static_cast<int>(blocks.size() % 251), bytes);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(blocks[i]);
    EXPECT_EQ(std::count(bytes, bytes + sizes[i], (i + 1) % 251), static_cast<Index>(sizes[i]));
    give_block(blocks[i], sizes[i]);
  }
}

TEST(Memory, ABlockIsUsedAgain) {
  if (!kRecycles) GTEST_SKIP();
  for (const std::size_t bytes : {64, 1000, 100'000, 3'000'000}) {
    void* const block = take_block(bytes);
    give_block(block, bytes);
    const MemoryStatistics before = memory_statistics();
    void* const next = take_block(bytes);
    EXPECT_EQ(next, block) << bytes << " bytes";
    EXPECT_EQ(memory_statistics().requests, before.requests);
    give_block(next, bytes);
  }
}

TEST(Memory, HoldsLittleMoreThanWasAskedFor) {
  for (const std::size_t bytes : {5000, 70'000, 333'333, 1'000'000, 1'100'000}) {
    std::vector<void*> blocks;  // more than may be waiting already
    const MemoryStatistics before = memory_statistics();
    for (int i = 0; i < 100; ++i) blocks.push_back(take_block(bytes));
    const MemoryStatistics after = memory_statistics();
    EXPECT_LE(after.bytes - before.bytes, 125 * bytes);
    EXPECT_GE(after.bytes - before.bytes, (after.requests - before.requests) * bytes);
    for (void* block : blocks) give_block(block, bytes);
  }
}

TEST(Memory, WhatAThreadLeavesGoesToTheOthers) {
  if (!kRecycles) GTEST_SKIP();
  constexpr std::size_t kBytes = 7000;
  std::vector<void*> blocks(50);
  for (void*& block : blocks) block = take_block(kBytes);
  std::thread([&] {
    for (void* block : blocks) give_block(block, kBytes);  // taken by another thread
  }).join();
  const MemoryStatistics before = memory_statistics();
  for (void*& block : blocks) block = take_block(kBytes);
  EXPECT_EQ(memory_statistics().requests, before.requests);
  for (void* block : blocks) give_block(block, kBytes);
}

TEST(Memory, ThreadsTakeAndGiveAtTheSameTime) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t, &wrong] {
      std::vector<unsigned char*> blocks;
      for (int round = 0; round < 200; ++round) {
        const std::size_t bytes = 100 << round % 12;
        for (int i = 0; i < 20; ++i) {
          blocks.push_back(static_cast<unsigned char*>(take_block(bytes)));
          blocks.back()[0] = blocks.back()[bytes - 1] = static_cast<unsigned char>(t);
        }
        for (unsigned char* block : blocks) {
          wrong[t] += block[0] != t || block[bytes - 1] != t;
          give_block(block, bytes);
        }
        blocks.clear();
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0)) << "two threads held one block";
}

TEST(Memory, ThatWaitsIsBounded) {
  constexpr std::size_t kBytes = std::size_t{700} << 20;  // never touched, so not really there
  void* const one = take_block(kBytes);
  void* const other = take_block(kBytes);
  const std::size_t before = memory_statistics().bytes;
  give_block(one, kBytes);
  give_block(other, kBytes);
  EXPECT_LE(memory_statistics().bytes, before - kBytes);
}

}  // namespace
}  // namespace rapt
