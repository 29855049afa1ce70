#pragma once

#include "KernelTable.hpp"
#include "ThreadPool.hpp"

struct ck_context {
  ck_context(int threads, ck_variant variant, const ck::KernelTable &kernels)
    : pool(threads), variant(variant), kernels(kernels) {}

  /// Scratch memory of fixed size, so that no kernel allocates. Larger work is processed in pieces.
  static constexpr size_t quantizedByteCount = size_t(2) << 20;
  static constexpr int maximumQuantizedRows = 512;
  static constexpr int maximumCapacity = 8192;

  ck::ThreadPool pool;
  const ck_variant variant;
  const ck::KernelTable &kernels;
  uint8_t *quantized = nullptr;
  float *rowScales = nullptr;
  float *scores = nullptr;
  float *tiles = nullptr;
};

namespace ck {

/// Calls `body(thread, threads)` on every thread of the pool.
template <class Body> inline void parallel(ck_context *context, const Body &body) {
  context->pool.run(
    [](void *argument, int thread, int threads) { (*static_cast<const Body *>(argument))(thread, threads); },
    const_cast<void *>(static_cast<const void *>(&body)));
}

/// The thread's share of `count` items, consecutive and as even as possible.
struct Share {
  int first, end;
  Share(int count, int thread, int threads)
    : first(int(int64_t(count) * thread / threads)), end(int(int64_t(count) * (thread + 1) / threads)) {}
};

} // namespace ck
