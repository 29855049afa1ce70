#include "KernelTable.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

namespace ck {
namespace avx2 {

#define CK_FUSED 1
#include "Vector.hpp"

// 12 sums, 2 weights and a broadcast use 15 of 16 registers; a panel takes two registers.
constexpr int floatRows = 6, floatPanels = 1;
constexpr int int8Rows = 4, int8Panels = 1;
constexpr int singleRowPanels = 3, twoRowPanels = 2;

constexpr int inputOffset = 0;

/// Four inputs, then their magnitudes, so that they are computed only once.
constexpr int quantizedWidth = 2;

CK_INLINE void storeQuantized(uint8_t *target, bytes16 bytes) {
  const __m128i values = (__m128i)bytes, magnitudes = _mm_abs_epi8(values);
  _mm_storeu_si128(reinterpret_cast<__m128i *>(target), _mm_unpacklo_epi32(values, magnitudes));
  _mm_storeu_si128(reinterpret_cast<__m128i *>(target + 16), _mm_unpackhi_epi32(values, magnitudes));
}

CK_INLINE __m256i four(const uint8_t *bytes) {
  int32_t word;
  __builtin_memcpy(&word, bytes, sizeof word);
  return _mm256_set1_epi32(word);
}

/// maddubs multiplies unsigned by signed bytes and saturates at 16 bits. The product of |input| and the weight with the
/// input's sign is at most 2 * 127 * 127 per pair, which fits.
CK_INLINE v16i dot(v16i sum, const uint8_t *input, const int8_t *weights) {
  const __m256i value = four(input), magnitude = four(input + 4), ones = _mm256_set1_epi16(1);
  __m256i half[2];
  __builtin_memcpy(half, &sum, sizeof half);
  CK_UNROLL for (int h = 0; h < 2; ++h) {
    const __m256i weight = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(weights + 32 * h));
    const __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(weight, value));
    half[h] = _mm256_add_epi32(half[h], _mm256_madd_epi16(pairs, ones));
  }
  __builtin_memcpy(&sum, half, sizeof half);
  return sum;
}

CK_INLINE v16i corrected(v16i sum, v16i) { return sum; }

CK_INLINE v16 loadHalf(const uint16_t *source) {
  const auto *halves = reinterpret_cast<const __m128i *>(source);
  const __m256 parts[2] = {
    _mm256_cvtph_ps(_mm_loadu_si128(halves)), _mm256_cvtph_ps(_mm_loadu_si128(halves + 1))};
  v16 value;
  __builtin_memcpy(&value, parts, sizeof value);
  return value;
}

CK_INLINE void storeHalf(uint16_t *target, v16 value) {
  __m256 parts[2];
  __builtin_memcpy(parts, &value, sizeof parts);
  auto *halves = reinterpret_cast<__m128i *>(target);
  _mm_storeu_si128(halves, _mm256_cvtps_ph(parts[0], _MM_FROUND_TO_NEAREST_INT));
  _mm_storeu_si128(halves + 1, _mm256_cvtps_ph(parts[1], _MM_FROUND_TO_NEAREST_INT));
}

#include "Packing.hpp"
#include "Products.hpp"
#include "TiledConvolution.hpp"
#include "Rows.hpp"

} // namespace avx2

#pragma clang attribute pop

const KernelTable avx2Kernels = avx2::kernels;

} // namespace ck
#endif
