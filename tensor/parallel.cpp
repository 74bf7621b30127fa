#include "tensor/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tensor/pieces.h"

namespace rapt {
namespace {

thread_local bool inside_block = false;

// The blocks that one thread starts with. Loops follow each other over the same tensors, and a
// thread that takes the same part of each finds its numbers in its own cache. Each share has a line
// of memory of its own, for threads not to wait for each other's counters.
struct alignas(kCacheLine) Share {
  std::atomic<Index> next{0};
  Index end = 0;
};

// One call of parallel_for: a thread takes the blocks of its own share, then what others left.
struct Job {
  const std::function<void(Index, Index)>& body;
  Index count, grain;
  std::vector<Share>& shares;
  std::exception_ptr error;
  std::mutex error_mutex;

  void work(std::size_t thread) {
    inside_block = true;
    for (std::size_t i = 0; i < shares.size(); ++i) finish(shares[(thread + i) % shares.size()]);
    inside_block = false;
  }

 private:
  void finish(Share& share) {
    for (Index block; (block = share.next.fetch_add(1)) < share.end;) {
      try {
        body(block * grain, std::min(count, (block + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
        for (Share& s : shares) s.next = s.end;
      }
    }
  }
};

// The helpers spin for a while before they sleep: the loops of one training step follow each other
// closely, and waking a sleeping thread costs more than many of them take. A loop does not wait for
// a helper that has not begun when all blocks are done.
class Pool {
 public:
  explicit Pool(int helpers) : shares_(static_cast<std::size_t>(helpers) + 1) {
    try {
      for (int i = 0; i < helpers; ++i) threads_.emplace_back([this, i] { serve(i + 1); });
    } catch (const std::system_error&) {
      // The system gives no more threads; the loops run on those there are.
    }
  }
  ~Pool() {
    stop_ = true;
    announce();
    for (std::thread& t : threads_) t.join();
  }

  std::exception_ptr run(Index count, Index grain, const std::function<void(Index, Index)>& body) {
    const Index blocks = divide_up(count, grain), threads = static_cast<Index>(shares_.size());
    for (Index i = 0; i < threads; ++i) {
      shares_[i].next = blocks * i / threads;
      shares_[i].end = blocks * (i + 1) / threads;
    }
    Job job{body, count, grain, shares_, {}, {}};
    job_ = &job;
    announce();
    job.work(0);
    job_ = nullptr;
    while (busy_ > 0) std::this_thread::yield();
    return job.error;
  }

 private:
  void announce() {
    {
      const std::lock_guard lock(mutex_);
      ++generation_;
    }
    wake_.notify_all();
  }

  void serve(std::size_t thread) {
    for (unsigned seen = 0;;) {
      const auto tired = Clock::now() + kPatience;
      while (generation_ == seen && Clock::now() < tired) std::this_thread::yield();
      if (generation_ == seen) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return generation_ != seen; });
      }
      seen = generation_;
      if (stop_) return;
      ++busy_;  // before it asks for the job: run() forgets the job first, then waits
      if (Job* const job = job_) job->work(thread);
      --busy_;
    }
  }

  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds kPatience{200};
  std::vector<Share> shares_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<unsigned> generation_{0};
  std::atomic<bool> stop_{false};
  std::atomic<Job*> job_{nullptr};
  std::atomic<int> busy_{0};
};

std::mutex pool_mutex;  // one parallel loop at a time; a second caller works alone
std::atomic<int> wanted_threads{std::max(1, static_cast<int>(std::thread::hardware_concurrency()))};

Pool& pool() {
  static Pool* instance = nullptr;  // never destroyed: whatever ends the program need not wait
  static int made_for = 0;
  if (made_for != wanted_threads) {
    delete instance;
    made_for = wanted_threads;
    instance = new Pool(made_for - 1);
  }
  return *instance;
}

}  // namespace

void parallel_for(Index count, Index grain, const std::function<void(Index, Index)>& body) {
  if (grain < 1)
    throw std::invalid_argument("parallel_for: grain must be at least 1, got " +
                                std::to_string(grain));
  if (count <= 0) return;
  std::unique_lock lock(pool_mutex, std::defer_lock);
  if (count <= grain || inside_block || wanted_threads == 1 || !lock.try_lock()) {
    for (Index at = 0; at < count; at += grain) body(at, std::min(count, at + grain));
    return;
  }
  if (const std::exception_ptr error = pool().run(count, grain, body))
    std::rethrow_exception(error);
}

int thread_count() { return wanted_threads; }

void set_thread_count(int count) {
  if (count < 1)
    throw std::invalid_argument("set_thread_count: expected at least 1, got " +
                                std::to_string(count));
  if (inside_block) throw std::logic_error("set_thread_count: called from inside a parallel_for");
  const std::lock_guard lock(pool_mutex);
  wanted_threads = count;
}

}  // namespace rapt
