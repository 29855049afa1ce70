#include "KernelTable.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang attribute push( \
  __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)

namespace ck {
namespace avx512 {

#define CK_FUSED 1
#include "Vector.hpp"

// 24 sums, 2 weights and a broadcast use 27 of 32 registers.
constexpr int floatRows = 12, floatPanels = 2;
constexpr int int8Rows = 8, int8Panels = 2;
constexpr int singleRowPanels = 2, twoRowPanels = 1;

/// vpdpbusd multiplies unsigned by signed bytes, so activations carry an offset of 128.
constexpr int inputOffset = 128;

constexpr int quantizedWidth = 1;

CK_INLINE void storeQuantized(uint8_t *target, bytes16 bytes) { __builtin_memcpy(target, &bytes, sizeof bytes); }

CK_INLINE v16i dot(v16i sum, const uint8_t *input, const int8_t *weights) {
  int32_t four;
  __builtin_memcpy(&four, input, sizeof four);
  const __m512i weight = _mm512_loadu_si512(weights);
  return (v16i)_mm512_dpbusd_epi32((__m512i)sum, _mm512_set1_epi32(four), weight);
}

/// Subtracts the contribution of the offset.
CK_INLINE v16i corrected(v16i sum, v16i correction) { return sum - correction; }

CK_INLINE v16 loadHalf(const uint16_t *source) {
  return (v16)_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(source)));
}

CK_INLINE void storeHalf(uint16_t *target, v16 value) {
  _mm256_storeu_si256(
    reinterpret_cast<__m256i *>(target), _mm512_cvtps_ph((__m512)value, _MM_FROUND_TO_NEAREST_INT));
}

#include "Packing.hpp"
#include "Products.hpp"
#include "TiledConvolution.hpp"
#include "Rows.hpp"

} // namespace avx512

#pragma clang attribute pop

const KernelTable avx512Kernels = avx512::kernels;

} // namespace ck
#endif
