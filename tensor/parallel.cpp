#include "tensor/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace rapt {
namespace {

thread_local bool inside_block = false;

// One call of parallel_for: threads take the next block from a shared counter until none is left.
struct Job {
  const std::function<void(Index, Index)>& body;
  Index count, grain, blocks;
  std::atomic<Index> next{0};
  std::exception_ptr error;
  std::mutex error_mutex;

  void work() {
    inside_block = true;
    for (Index block; (block = next.fetch_add(1)) < blocks;) {
      try {
        body(block * grain, std::min(count, (block + 1) * grain));
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
        next = blocks;
      }
    }
    inside_block = false;
  }
};

// The helpers spin for some microseconds before they sleep: the loops of one training step follow
// each other closely, and waking a sleeping thread costs more than many of them take.
class Pool {
 public:
  explicit Pool(int helpers) {
    try {
      for (int i = 0; i < helpers; ++i) threads_.emplace_back([this] { serve(); });
    } catch (const std::system_error&) {
      // The system gives no more threads; the loops run on those there are.
    }
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      ++generation_;
    }
    wake_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  void run(Job& job) {
    job_ = &job;
    busy_ = static_cast<int>(threads_.size());
    {
      const std::lock_guard lock(mutex_);
      ++generation_;
    }
    wake_.notify_all();
    job.work();
    while (busy_ > 0) std::this_thread::yield();
  }

 private:
  void serve() {
    for (unsigned seen = 0;;) {
      for (int spin = 0; spin < kSpins && generation_ == seen; ++spin) std::this_thread::yield();
      if (generation_ == seen) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return generation_ != seen; });
      }
      seen = generation_;
      if (stop_) return;
      job_.load()->work();
      --busy_;
    }
  }

  static constexpr int kSpins = 200;
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
  Job job{body, count, grain, (count + grain - 1) / grain, {}, {}, {}};
  std::unique_lock lock(pool_mutex, std::defer_lock);
  if (job.blocks == 1 || inside_block || wanted_threads == 1 || !lock.try_lock()) {
    for (Index at = 0; at < count; at += grain) body(at, std::min(count, at + grain));
    return;
  }
  pool().run(job);
  if (job.error) std::rethrow_exception(job.error);
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
