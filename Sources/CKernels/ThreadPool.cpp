#include "ThreadPool.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace ck {

namespace {

/// About 100 microseconds: longer than the gap between two kernels of a step, and short enough to waste little CPU
/// time.
constexpr int spinLimit = 2000;

inline void relax() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

} // namespace

ThreadPool::ThreadPool(int threads) {
  if (threads > maximumThreads) threads = maximumThreads;
  for (int index = 1; index < threads; ++index) {
    workers_[index] = Worker{this, index, {}};
    // The work is divided by this count, so it is final before the first run.
    if (pthread_create(&workers_[index].handle, nullptr, main, &workers_[index]) != 0) break;
    threads_ = index + 1;
  }
}

ThreadPool::~ThreadPool() {
  pthread_mutex_lock(&mutex_);
  stop_.store(true);
  generation_.fetch_add(1);
  pthread_cond_broadcast(&wake_);
  pthread_mutex_unlock(&mutex_);
  for (int index = 1; index < threads_; ++index) pthread_join(workers_[index].handle, nullptr);
  pthread_cond_destroy(&done_);
  pthread_cond_destroy(&wake_);
  pthread_mutex_destroy(&mutex_);
}

void *ThreadPool::main(void *worker) {
  auto *self = static_cast<Worker *>(worker);
  self->pool->serve(self->index);
  return nullptr;
}

void ThreadPool::run(Work work, void *argument) {
  if (threads_ == 1) {
    work(argument, 0, 1);
    return;
  }
  work_ = work;
  argument_ = argument;
  pending_.store(threads_ - 1);
  // Sequentially consistent on purpose. A worker counts itself as a sleeper before it reads the generation again. So
  // either the worker sees the new generation, or this thread sees the sleeper.
  generation_.fetch_add(1);
  if (sleepers_.load() > 0) {
    pthread_mutex_lock(&mutex_);
    pthread_cond_broadcast(&wake_);
    pthread_mutex_unlock(&mutex_);
  }
  work(argument, 0, threads_);
  for (int spin = 0; spin < spinLimit; ++spin) {
    if (pending_.load(std::memory_order_acquire) == 0) return;
    relax();
  }
  pthread_mutex_lock(&mutex_);
  callerSleeps_.store(true);
  while (pending_.load() != 0) pthread_cond_wait(&done_, &mutex_);
  callerSleeps_.store(false);
  pthread_mutex_unlock(&mutex_);
}

void ThreadPool::serve(int index) {
  uint32_t seen = 0;
  while (true) {
    for (int spin = 0; spin < spinLimit && generation_.load(std::memory_order_acquire) == seen; ++spin) relax();
    if (generation_.load() == seen) {
      pthread_mutex_lock(&mutex_);
      sleepers_.fetch_add(1);
      while (generation_.load() == seen) pthread_cond_wait(&wake_, &mutex_);
      sleepers_.fetch_sub(1);
      pthread_mutex_unlock(&mutex_);
    }
    // A new generation begins only after all workers have finished the previous one, so the number is exactly one
    // higher.
    seen += 1;
    if (stop_.load()) return;
    work_(argument_, index, threads_);
    if (pending_.fetch_sub(1) == 1 && callerSleeps_.load()) {
      pthread_mutex_lock(&mutex_);
      pthread_cond_signal(&done_);
      pthread_mutex_unlock(&mutex_);
    }
  }
}

} // namespace ck
