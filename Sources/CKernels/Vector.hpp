// Included inside a variant's namespace, after the variant has defined CK_FUSED (whether it has a fused multiply-add).
// All vectors have sixteen lanes. The compiler splits them into the registers of the variant's instruction set, so one
// source serves all variants.

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int32_t v16i __attribute__((ext_vector_type(16)));
typedef uint8_t bytes16 __attribute__((ext_vector_type(16)));

#define CK_INLINE static inline __attribute__((always_inline))
#define CK_UNROLL _Pragma("clang loop unroll(full)")
#define CK_ROLLED _Pragma("clang loop unroll(disable)")

CK_INLINE v16 load(const float *source) {
  v16 value;
  __builtin_memcpy(&value, source, sizeof value);
  return value;
}

CK_INLINE void store(float *target, v16 value) { __builtin_memcpy(target, &value, sizeof value); }

CK_INLINE v16 splat(float value) { return v16(value); }

CK_INLINE v16 fma(v16 a, v16 b, v16 c) {
#if CK_FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

CK_INLINE v16i laneIndex() { return (v16i){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}; }

/// Lanes below `count` from `value`, the others from `other`.
CK_INLINE v16 firstLanes(v16 value, v16 other, int count) { return laneIndex() < v16i(count) ? value : other; }

/// Loads `count` floats, followed by zeros.
CK_INLINE v16 loadPart(const float *source, int count) {
  if (count >= panelWidth) return load(source);
  float lanes[panelWidth] = {};
  for (int lane = 0; lane < count; ++lane) lanes[lane] = source[lane];
  return load(lanes);
}

CK_INLINE void storePart(float *target, v16 value, int count) {
  if (count >= panelWidth) {
    store(target, value);
    return;
  }
  float lanes[panelWidth];
  store(lanes, value);
  for (int lane = 0; lane < count; ++lane) target[lane] = lanes[lane];
}

// Both return a NaN in `a`.
CK_INLINE v16 larger(v16 a, v16 b) { return a < b ? b : a; }
CK_INLINE v16 smaller(v16 a, v16 b) { return a > b ? b : a; }

CK_INLINE v16 magnitude(v16 a) { return larger(a, -a); }

CK_INLINE float sumOfLanes(v16 value) {
  float lanes[panelWidth];
  store(lanes, value);
  for (int step = 8; step > 0; step /= 2) {
    for (int lane = 0; lane < step; ++lane) lanes[lane] += lanes[lane + step];
  }
  return lanes[0];
}

CK_INLINE float largestLane(v16 value) {
  float lanes[panelWidth];
  store(lanes, value);
  float largest = lanes[0];
  for (int lane = 1; lane < panelWidth; ++lane) {
    if (lanes[lane] > largest) largest = lanes[lane];
  }
  return largest;
}

/// Nearest integer, ties to even, for magnitudes below 2^22.
CK_INLINE v16 nearest(v16 value) {
  const v16 shift = splat(12582912.0f);
  return (value + shift) - shift;
}

/// e^x for x in -87 ... 88; x is clamped to that range. x = n ln 2 + r with |r| <= ln 2 / 2; the result is the Taylor
/// series of e^r to the seventh power times 2^n, which is added to the exponent.
CK_INLINE v16 exponential(v16 x) {
  x = smaller(larger(x, splat(-87.0f)), splat(88.3f));
  const v16 n = nearest(x * splat(1.44269504f));
  v16 r = fma(n, splat(-0.693145752f), x);
  r = fma(n, splat(-1.42860677e-6f), r);
  v16 series = splat(1.0f / 5040);
  series = fma(series, r, splat(1.0f / 720));
  series = fma(series, r, splat(1.0f / 120));
  series = fma(series, r, splat(1.0f / 24));
  series = fma(series, r, splat(1.0f / 6));
  series = fma(series, r, splat(0.5f));
  series = fma(series, r, splat(1.0f));
  series = fma(series, r, splat(1.0f));
  const v16i exponent = (__builtin_convertvector(n, v16i) + 127) << 23;
  return series * (v16)exponent;
}

CK_INLINE v16 hyperbolicTangent(v16 x) { return 1.0f - 2.0f / (exponential(x + x) + 1.0f); }

/// 0.5 x (1 + tanh u) = x / (1 + e^(-2u)), u = sqrt(2 / pi) (x + 0.044715 x^3).
CK_INLINE v16 geluTanh(v16 x) {
  const v16 u = splat(0.797884561f) * x * fma(splat(0.044715f) * x, x, splat(1.0f));
  return x / (1.0f + exponential(-2.0f * u));
}
