#include "Floors.hpp"
#include "CKernels.h"

#include <chrono>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

namespace {

constexpr int steps = 20'000'000;

/// Sums of one thread that nothing may optimise away.
volatile float sink;

#if defined(__x86_64__)

__attribute__((target("avx2,fma"))) double floatAVX2() {
  __m256 sums[12];
  for (auto &sum : sums) sum = _mm256_setzero_ps();
  const __m256 a = _mm256_set1_ps(0.5f), b = _mm256_set1_ps(0.25f);
  for (int step = 0; step < steps; ++step) {
    _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 12; ++lane) {
      sums[lane] = _mm256_fmadd_ps(a, b, sums[lane]);
      __asm__("" : "+x"(sums[lane]));
    }
  }
  for (auto &sum : sums) sink = sum[0];
  return 12.0 * 16 * steps;
}

__attribute__((target("avx512f"))) double floatAVX512() {
  __m512 sums[12];
  for (auto &sum : sums) sum = _mm512_setzero_ps();
  const __m512 a = _mm512_set1_ps(0.5f), b = _mm512_set1_ps(0.25f);
  for (int step = 0; step < steps; ++step) {
    _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 12; ++lane) {
      sums[lane] = _mm512_fmadd_ps(a, b, sums[lane]);
      __asm__("" : "+v"(sums[lane]));
    }
  }
  for (auto &sum : sums) sink = sum[0];
  return 12.0 * 32 * steps;
}

/// Without VNNI a sum of bytes takes three instructions, and a fourth for the sign of the unsigned factor.
__attribute__((target("avx2"))) double int8AVX2() {
  __m256i sums[8];
  for (auto &sum : sums) sum = _mm256_setzero_si256();
  __m256i a = _mm256_set1_epi8(3), b = _mm256_set1_epi8(5);
  const __m256i ones = _mm256_set1_epi16(1);
  for (int step = 0; step < steps; ++step) {
    _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 8; ++lane) {
      __asm__("" : "+x"(a), "+x"(b));
      const __m256i pairs = _mm256_maddubs_epi16(a, _mm256_sign_epi8(b, a));
      sums[lane] = _mm256_add_epi32(sums[lane], _mm256_madd_epi16(pairs, ones));
    }
  }
  for (auto &sum : sums) sink = float(_mm256_extract_epi32(sum, 0));
  return 8.0 * 64 * steps;
}

__attribute__((target("avx512f,avx512vnni"))) double int8AVX512() {
  __m512i sums[12];
  for (auto &sum : sums) sum = _mm512_setzero_si512();
  const __m512i a = _mm512_set1_epi32(0x03030303), b = _mm512_set1_epi32(0x05050505);
  for (int step = 0; step < steps; ++step) {
    _Pragma("clang loop unroll(full)") for (int lane = 0; lane < 12; ++lane) {
      sums[lane] = _mm512_dpbusd_epi32(sums[lane], a, b);
      __asm__("" : "+v"(sums[lane]));
    }
  }
  for (auto &sum : sums) sink = float(_mm512_reduce_add_epi32(sum));
  return 12.0 * 128 * steps;
}

#endif

/// Operations that `loop` says it did, per second, on all threads together; in 10^9.
double rate(int threads, double (*loop)()) {
  std::vector<double> done(threads);
  const double seconds = fastest(3, [&] {
    std::vector<std::thread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back([&, thread] { done[thread] = loop(); });
    done[0] = loop();
    for (auto &other : others) other.join();
  });
  double total = 0;
  for (double operations : done) total += operations;
  return total / seconds / 1e9;
}

double readBandwidth(int threads) {
  const size_t size = size_t(512) << 20, part = size / threads;
  auto *memory = static_cast<char *>(ck_memory_allocate(size, CK_HUGE_PAGES));
  if (!memory) return 0;
  __builtin_memset(memory, 1, size);
  const auto read = [&](int thread) {
    typedef int v8 __attribute__((ext_vector_type(8)));
    v8 sums[4] = {};
    const char *start = memory + thread * part;
    // Four places at once, and no instructions to prefetch: the processor's own follows that best.
    constexpr size_t stretch = 16384;
    for (size_t offset = 0; offset + 4 * stretch <= part; offset += 4 * stretch) {
      for (size_t line = 0; line < stretch; line += 128) {
        for (int place = 0; place < 4; ++place) {
          const char *values = start + offset + place * stretch + line;
          for (int lane = 0; lane < 4; ++lane) sums[lane] += *reinterpret_cast<const v8 *>(values + 32 * lane);
        }
      }
    }
    sink = float(sums[0][0] + sums[1][0] + sums[2][0] + sums[3][0]);
  };
  const double seconds = fastest(5, [&] {
    std::vector<std::thread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back(read, thread);
    read(0);
    for (auto &other : others) other.join();
  });
  ck_memory_free(memory, size);
  return double(size) / seconds / 1e9;
}

} // namespace

Floors measureFloors(int threads) {
  Floors floors = {readBandwidth(threads), 0, 0};
#if defined(__x86_64__)
  switch (ck_best_variant()) {
  case CK_VARIANT_AVX512:
    floors.floatRate = rate(threads, floatAVX512);
    floors.int8Rate = rate(threads, int8AVX512);
    break;
  case CK_VARIANT_AVX2:
    floors.floatRate = rate(threads, floatAVX2);
    floors.int8Rate = rate(threads, int8AVX2);
    break;
  default: break;
  }
#endif
  return floors;
}
