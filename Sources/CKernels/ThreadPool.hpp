#pragma once

#include <atomic>
#include <cstdint>
#include <pthread.h>

namespace ck {

/// Runs one function on a fixed set of threads, including the caller's. Work is divided by thread index, so equal calls
/// give each thread the same part.
class ThreadPool {
public:
  using Work = void (*)(void *argument, int thread, int threads);

  /// Check `started` afterwards: the system may have granted fewer threads than requested.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  int threads() const { return threads_; }

  /// Calls `work` once per thread and returns when all calls have returned.
  void run(Work work, void *argument);

private:
  static constexpr int maximumThreads = 64;

  struct Worker {
    ThreadPool *pool;
    int index;
    pthread_t handle;
  };

  static void *main(void *worker);
  void serve(int index);

  int threads_ = 1;
  Worker workers_[maximumThreads];

  Work work_ = nullptr;
  void *argument_ = nullptr;
  alignas(64) std::atomic<uint32_t> generation_{0};
  alignas(64) std::atomic<int> pending_{0};
  std::atomic<bool> stop_{false};
  std::atomic<int> sleepers_{0};
  std::atomic<bool> callerSleeps_{false};
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t wake_ = PTHREAD_COND_INITIALIZER;
  pthread_cond_t done_ = PTHREAD_COND_INITIALIZER;
};

} // namespace ck
