#include "Context.hpp"

#include <cstdlib>
#include <new>
#include <sys/mman.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace {

#if defined(__x86_64__)
/// The register state that the operating system saves (XCR0).
uint64_t savedState() {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t(high) << 32 | low;
}

ck_variant detect() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return CK_VARIANT_PORTABLE;
  const bool osxsave = c >> 27 & 1, fma = c >> 12 & 1, f16c = c >> 29 & 1, avx = c >> 28 & 1;
  if (!(osxsave && avx && fma && f16c)) return CK_VARIANT_PORTABLE;
  const uint64_t state = savedState();
  if ((state & 0x6) != 0x6 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return CK_VARIANT_PORTABLE;
  if (!(b >> 5 & 1)) return CK_VARIANT_PORTABLE;
  const bool f = b >> 16 & 1, dq = b >> 17 & 1, bw = b >> 30 & 1, vl = b >> 31 & 1, vnni = c >> 11 & 1;
  return f && dq && bw && vl && vnni && (state & 0xe6) == 0xe6 ? CK_VARIANT_AVX512 : CK_VARIANT_AVX2;
}
#endif

const ck::KernelTable *table(ck_variant variant) {
  if (variant == CK_VARIANT_PORTABLE) return &ck::portableKernels;
#if defined(__x86_64__)
  if (variant == CK_VARIANT_AVX2) return &ck::avx2Kernels;
  if (variant == CK_VARIANT_AVX512) return &ck::avx512Kernels;
#endif
  return nullptr;
}

template <class Element> Element *scratch(size_t count) {
  const size_t bytes = (count * sizeof(Element) + 63) / 64 * 64;
  return static_cast<Element *>(std::aligned_alloc(64, bytes));
}

constexpr size_t hugePage = size_t(2) << 20;

/// Small blocks come from the heap, because a huge page would waste most of its memory.
bool isMapped(size_t byteCount) { return byteCount >= hugePage; }

size_t mappedByteCount(size_t byteCount) { return (byteCount + hugePage - 1) / hugePage * hugePage; }

} // namespace

ck_variant ck_best_variant(void) {
#if defined(__x86_64__)
  static const ck_variant best = detect();
  return best;
#else
  return CK_VARIANT_PORTABLE;
#endif
}

const char *ck_variant_name(ck_variant variant) {
  switch (variant) {
  case CK_VARIANT_AVX2: return "avx2";
  case CK_VARIANT_AVX512: return "avx512";
  default: return "portable";
  }
}

ck_status ck_context_create(int threads, ck_variant variant, ck_context **context) {
  if (!context || threads < 1 || threads > 64 || variant < 0 || variant > ck_best_variant()) {
    return CK_INVALID_ARGUMENT;
  }
  const ck::KernelTable *kernels = table(variant);
  if (!kernels) return CK_INVALID_ARGUMENT;
  auto *made = new (std::nothrow) ck_context(threads, variant, *kernels);
  if (!made) return CK_OUT_OF_MEMORY;
  made->quantized = scratch<uint8_t>(ck_context::quantizedByteCount);
  made->rowScales = scratch<float>(ck_context::maximumQuantizedRows);
  made->scores = scratch<float>(size_t(ck_context::maximumCapacity) * threads);
  made->tiles = scratch<float>(ck::tiledScratchFloats * threads);
  if (!made->quantized || !made->rowScales || !made->scores || !made->tiles) {
    ck_context_destroy(made);
    return CK_OUT_OF_MEMORY;
  }
  *context = made;
  return CK_OK;
}

void ck_context_destroy(ck_context *context) {
  if (!context) return;
  std::free(context->quantized);
  std::free(context->rowScales);
  std::free(context->scores);
  std::free(context->tiles);
  delete context;
}

int ck_context_threads(const ck_context *context) { return context->pool.threads(); }

ck_variant ck_context_variant(const ck_context *context) { return context->variant; }

void *ck_memory_allocate(size_t byteCount, ck_pages pages) {
  if (byteCount == 0 || byteCount > SIZE_MAX / 2) return nullptr;
  if (!isMapped(byteCount)) {
    const size_t bytes = (byteCount + 63) / 64 * 64;
    void *memory = std::aligned_alloc(64, bytes);
    if (memory) __builtin_memset(memory, 0, bytes);
    return memory;
  }
  const size_t size = mappedByteCount(byteCount);
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void *raw = mmap(nullptr, size + hugePage, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  // Huge pages require an aligned start, so the ends of the mapping are unmapped.
  const uintptr_t start = uintptr_t(raw);
  const uintptr_t aligned = (start + hugePage - 1) / hugePage * hugePage;
  if (aligned > start) munmap(raw, aligned - start);
  const size_t tail = start + hugePage - aligned;
  if (tail > 0) munmap(reinterpret_cast<void *>(aligned + size), tail);
  void *memory = reinterpret_cast<void *>(aligned);
#ifdef MADV_HUGEPAGE
  madvise(memory, size, pages == CK_HUGE_PAGES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
#endif
  return memory;
}

void ck_memory_free(void *memory, size_t byteCount) {
  if (!memory) return;
  if (isMapped(byteCount)) {
    munmap(memory, mappedByteCount(byteCount));
  } else {
    std::free(memory);
  }
}
