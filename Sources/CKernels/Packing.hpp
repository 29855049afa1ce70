// Packing and quantising.

/// Sixteen outputs of one input; outputs that don't exist are zero.
template <class Source> CK_INLINE v16 column(const Source &source, const float *values, int output) {
  const int count = source.outputs - output;
  const float *first = values + output * source.output_stride;
  if (source.output_stride == 1) return loadPart(first, count);
  float lanes[panelWidth] = {};
  for (int lane = 0; lane < panelWidth && lane < count; ++lane) lanes[lane] = first[lane * source.output_stride];
  return load(lanes);
}

static void packFloat(const ck_convolution_source &source, int panel, float *packed) {
  for (int tap = 0; tap < source.taps; ++tap) {
    for (int input = 0; input < source.inputs; ++input, packed += panelWidth) {
      const float *values = source.values + tap * source.tap_stride + input * source.input_stride;
      store(packed, column(source, values, panel * panelWidth));
    }
  }
}

/// Rounds to -127 ... 127.
CK_INLINE v16i quantized(v16 value, v16 inverse) {
  const v16 limit = splat(127.0f);
  return __builtin_convertvector(smaller(larger(nearest(value * inverse), -limit), limit), v16i);
}

static void packInt8(
  const ck_linear_source &source, int panel, int8_t *packed, float *scales, int32_t *corrections) {
  const int output = panel * panelWidth;
  v16 largest = splat(0.0f);
  for (int input = 0; input < source.inputs; ++input) {
    largest = larger(magnitude(column(source, source.values + input * source.input_stride, output)), largest);
  }
  store(scales, largest / splat(127.0f));
  const v16 inverse = largest > splat(0.0f) ? splat(127.0f) / largest : splat(0.0f);
  v16i sum = v16i(0);
  for (int input = 0; input < paddedInputs(source.inputs); input += 4, packed += 64) {
    // The four inputs of an output are in the four bytes of one lane.
    v16i bytes = v16i(0);
    for (int quarter = 0; quarter < 4 && input + quarter < source.inputs; ++quarter) {
      const float *values = source.values + (input + quarter) * source.input_stride;
      const v16i value = quantized(column(source, values, output), inverse);
      sum += value;
      bytes |= (value & 255) << (8 * quarter);
    }
    __builtin_memcpy(packed, &bytes, sizeof bytes);
  }
  sum *= 128;
  __builtin_memcpy(corrections, &sum, sizeof sum);
}

static void quantizeRow(const float *row, int inputs, uint8_t *target, float *scale) {
  v16 largest = splat(0.0f);
  // Zero, or NaN if the row contains a NaN or an infinity: a row that cannot be quantised must not yield numbers.
  v16 poison = splat(0.0f);
  for (int input = 0; input < inputs; input += panelWidth) {
    const v16 value = loadPart(row + input, inputs - input);
    largest = larger(magnitude(value), largest);
    poison = fma(value, splat(0.0f), poison);
  }
  const float bound = largestLane(largest);
  *scale = bound / 127.0f + sumOfLanes(poison);
  const v16 inverse = splat(bound > 0 ? 127.0f / bound : 0.0f);
  for (int input = 0; input < inputs; input += panelWidth) {
    const v16i value = quantized(loadPart(row + input, inputs - input), inverse) + inputOffset;
    storeQuantized(target + input * quantizedWidth, __builtin_convertvector(value, bytes16));
  }
}
