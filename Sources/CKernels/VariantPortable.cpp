#include "KernelTable.hpp"

#pragma clang fp contract(off)

namespace ck {
namespace portable {

#if defined(__aarch64__)
#define CK_FUSED 1
#else
#define CK_FUSED 0
#endif
#include "Vector.hpp"

constexpr int floatRows = 2, floatPanels = 1;
constexpr int int8Rows = 1, int8Panels = 1;
constexpr int singleRowPanels = 1, twoRowPanels = 1;

constexpr int inputOffset = 0;

constexpr int quantizedWidth = 1;

CK_INLINE void storeQuantized(uint8_t *target, bytes16 bytes) { __builtin_memcpy(target, &bytes, sizeof bytes); }

CK_INLINE v16i dot(v16i sum, const uint8_t *input, const int8_t *weights) {
  for (int lane = 0; lane < panelWidth; ++lane) {
    const int8_t *weight = weights + 4 * lane;
    int32_t four = 0;
    for (int quarter = 0; quarter < 4; ++quarter) four += int32_t(int8_t(input[quarter])) * weight[quarter];
    sum[lane] += four;
  }
  return sum;
}

CK_INLINE v16i corrected(v16i sum, v16i) { return sum; }

CK_INLINE uint32_t bits(float value) {
  uint32_t word;
  __builtin_memcpy(&word, &value, sizeof word);
  return word;
}

CK_INLINE float fromBits(uint32_t word) {
  float value;
  __builtin_memcpy(&value, &word, sizeof value);
  return value;
}

/// Moves the half's exponent and fraction to the position of a float's. The result is the value times 2^-112, except
/// for infinities and NaN.
CK_INLINE float fromHalf(uint16_t half) {
  const uint32_t sign = uint32_t(half & 0x8000) << 16, rest = uint32_t(half & 0x7fff) << 13;
  if (rest >= 0x7c00u << 13) return fromBits(sign | 0x7f800000 | rest);
  return fromBits(bits(fromBits(rest) * 0x1p112f) | sign);
}

/// Round to nearest, ties to even.
CK_INLINE uint16_t toHalf(float value) {
  const uint32_t word = bits(value), sign = word >> 16 & 0x8000, magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return uint16_t(sign | 0x7e00);
  if (magnitude >= 0x477ff000) return uint16_t(sign | 0x7c00);
  // Below the smallest normal half, adding 0.5 leaves the rounded fraction in the last bits.
  if (magnitude < 0x38800000) return uint16_t(sign | (bits(fromBits(magnitude) + 0.5f) - bits(0.5f)));
  return uint16_t(sign | ((magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13));
}

CK_INLINE v16 loadHalf(const uint16_t *source) {
  v16 value;
  for (int lane = 0; lane < panelWidth; ++lane) value[lane] = fromHalf(source[lane]);
  return value;
}

CK_INLINE void storeHalf(uint16_t *target, v16 value) {
  for (int lane = 0; lane < panelWidth; ++lane) target[lane] = toHalf(value[lane]);
}

#include "Packing.hpp"
#include "Products.hpp"
#include "TiledConvolution.hpp"
#include "Rows.hpp"

} // namespace portable

const KernelTable portableKernels = portable::kernels;

} // namespace ck
