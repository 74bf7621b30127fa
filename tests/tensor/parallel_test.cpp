// The thread pool, and the promise that the number of threads never changes a bit.
#include "tensor/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "tensor/matmul.h"
#include "tensor/normalize.h"
#include "tensor/reduce.h"
#include "tests/tensor/helpers.h"

namespace rapt {
namespace {

using namespace testing_helpers;

class Threads : public testing::Test {
 protected:
  ~Threads() override { set_thread_count(before_); }

 private:
  int before_ = thread_count();
};

TEST_F(Threads, CoverEachIndexOnce) {
  for (const int threads : {1, 2, 3, 8}) {
    set_thread_count(threads);
    EXPECT_EQ(thread_count(), threads);
    for (const Index count : {0, 1, 9, 10, 11, 1000})
      for (const Index grain : {1, 3, 10, 5000}) {
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
        parallel_for(count, grain, [&](Index begin, Index end) {
          for (Index i = begin; i < end; ++i) ++seen[i];
        });
        for (Index i = 0; i < count; ++i)
          ASSERT_EQ(seen[i], 1) << "index " << i << " of " << count << ", grain " << grain;
      }
  }
}

TEST_F(Threads, BlocksDependOnTheGrainAlone) {
  const std::set<std::pair<Index, Index>> expected{{0, 4}, {4, 8}, {8, 10}};
  for (const int threads : {1, 2, 8}) {
    set_thread_count(threads);
    std::set<std::pair<Index, Index>> blocks;
    std::mutex mutex;
    parallel_for(10, 4, [&](Index begin, Index end) {
      const std::lock_guard lock(mutex);
      blocks.emplace(begin, end);
    });
    EXPECT_EQ(blocks, expected) << threads << " threads";
  }
}

TEST_F(Threads, AnExceptionReachesTheCallerAndThePoolLivesOn) {
  for (const int threads : {1, 2, 8}) {
    set_thread_count(threads);
    for (int round = 0; round < 20; ++round)
      EXPECT_EQ(error<ShapeError>([] {
                  parallel_for(100, 1, [](Index begin, Index) {
                    if (begin == 57) throw ShapeError("block 57");
                  });
                }),
                "block 57");
    std::atomic<int> blocks = 0;
    parallel_for(100, 1, [&](Index, Index) { ++blocks; });
    EXPECT_EQ(blocks, 100);
  }
}

TEST_F(Threads, LoopsNest) {
  set_thread_count(3);
  std::atomic<int> count = 0;
  parallel_for(10, 1, [&](Index, Index) {
    const std::thread::id outer = std::this_thread::get_id();
    parallel_for(10, 1, [&](Index, Index) {
      EXPECT_EQ(std::this_thread::get_id(), outer);
      ++count;
    });
  });
  EXPECT_EQ(count, 100);
}

TEST_F(Threads, TwoCallersDoNotDisturbEachOther) {
  set_thread_count(2);
  std::vector<std::thread> callers;
  std::atomic<int> count = 0;
  for (int caller = 0; caller < 2; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) parallel_for(10, 1, [&](Index, Index) { ++count; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(count, 2000);
}

// Between two loops the helpers fall asleep; a loop may be over before they wake.
TEST_F(Threads, RestBetweenLoops) {
  for (const int threads : {2, 8}) {
    set_thread_count(threads);
    for (int round = 0; round < 20; ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::atomic<int> count = 0;
      for (int loop = 0; loop < 5; ++loop) parallel_for(20, 3, [&](Index, Index) { ++count; });
      ASSERT_EQ(count, 5 * 7) << "round " << round;
    }
  }
}

// A thread that is done takes what is left of the others' shares.
TEST_F(Threads, HelpEachOther) {
  set_thread_count(2);
  std::atomic<int> done = 0;
  parallel_for(16, 1, [&](Index begin, Index) {
    if (begin == 0)
      while (done < 15) std::this_thread::yield();  // the rest of this thread's share included
    ++done;
  });
  EXPECT_EQ(done, 16);
}

TEST_F(Threads, ImpossibleNumbersAreRefused) {
  set_thread_count(2);
  EXPECT_EQ(error<std::invalid_argument>([] { set_thread_count(0); }),
            "set_thread_count: expected at least 1, got 0");
  EXPECT_EQ(error<std::invalid_argument>([] { set_thread_count(-2); }),
            "set_thread_count: expected at least 1, got -2");
  EXPECT_EQ(error<std::invalid_argument>([] { parallel_for(3, 0, [](Index, Index) {}); }),
            "parallel_for: grain must be at least 1, got 0");
  EXPECT_EQ(error<std::logic_error>(
                [] { parallel_for(4, 1, [](Index, Index) { set_thread_count(2); }); }),
            "set_thread_count: called from inside a parallel_for");
}

// Sizes at which each of these is cut into several blocks.
struct Kernel {
  const char* name;
  std::function<Tensor()> run;
};

void PrintTo(const Kernel& kernel, std::ostream* out) { *out << kernel.name; }

class SameBits : public testing::TestWithParam<Kernel> {
 protected:
  ~SameBits() override { set_thread_count(before_); }

 private:
  int before_ = thread_count();
};

TEST_P(SameBits, WithAnyNumberOfThreads) {
  set_thread_count(1);
  const Tensor expected = GetParam().run();
  for (const int threads : {2, 3, 8}) {
    set_thread_count(threads);
    for (int round = 0; round < 3; ++round)
      ASSERT_TRUE(same_bits(GetParam().run(), expected)) << threads << " threads";
  }
}

Scalar curved(Scalar v) { return v * v - v / 3; }

INSTANTIATE_TEST_SUITE_P(
    All, SameBits,
    testing::Values(
        Kernel{"map",
               [] {
                 return map(random({300, 400}), curved);
               }},
        Kernel{"map_strided",
               [] {
                 return map(random({300, 400}).transpose(), curved);
               }},
        Kernel{
            "zip",
            [] {
              return zip("mul", random({300, 400}), random({300, 1}, 2), std::multiplies<Scalar>());
            }},
        Kernel{"sum",
               [] {
                 return sum(random({300, 400}));
               }},
        Kernel{"sum_first",
               [] {
                 return sum(random({300, 400}), 0);
               }},
        Kernel{"sum_last",
               [] {
                 return sum(random({300, 400}), 1);
               }},
        Kernel{"sum_strided",
               [] {
                 return sum(random({400, 300}).transpose(), 1);
               }},
        Kernel{"sum_to",
               [] {
                 return sum_to(random({40, 50, 60}), {50, 1});
               }},
        Kernel{"sum_to_pieces",
               [] {
                 return sum_to(random({4500, 60}), {60});
               }},
        Kernel{"max",
               [] {
                 return max(random({300, 400}), 1);
               }},
        Kernel{"softmax",
               [] {
                 return softmax(random({300, 400}));
               }},
        Kernel{"softmax_first",
               [] {
                 return softmax(random({300, 400}), 0);
               }},
        Kernel{"logsumexp",
               [] {
                 return logsumexp(random({300, 400}));
               }},
        Kernel{"softmax_gradient",
               [] {
                 return softmax_gradient(random({300, 400}), softmax(random({300, 400}, 2)));
               }},
        Kernel{"normalize",
               [] {
                 return normalize(random({300, 400}), 1e-5).y;
               }},
        Kernel{
            "normalize_gradient",
            [] {
              return normalize_gradient(random({300, 400}), normalize(random({300, 400}, 2), 1e-5));
            }},
        Kernel{"matmul",
               [] {
                 return matmul(random({210, 150}), random({150, 170}, 2));
               }},
        Kernel{"matmul_batch",
               [] {
                 return matmul(random({6, 70, 50}), random({6, 90, 50}, 2).transpose());
               }}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rapt
