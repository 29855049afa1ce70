// Layer norm, attention and in-place functions.

static void layerNorm(const ck_layer_norm_arguments &arguments, int row) {
  const float *input = arguments.input + row * arguments.input_stride;
  float *output = arguments.output + row * arguments.output_stride;
  const int width = arguments.width;
  v16 sum = splat(0.0f);
  for (int column = 0; column < width; column += panelWidth) sum += loadPart(input + column, width - column);
  const v16 mean = splat(sumOfLanes(sum) / float(width));
  v16 squares = splat(0.0f);
  for (int column = 0; column < width; column += panelWidth) {
    const int count = width - column;
    const v16 centred = firstLanes(loadPart(input + column, count) - mean, splat(0.0f), count);
    squares = fma(centred, centred, squares);
  }
  const float variance = sumOfLanes(squares) / float(width);
  const v16 inverse = splat(1.0f / __builtin_sqrtf(variance + arguments.epsilon));
  for (int column = 0; column < width; column += panelWidth) {
    const int count = width - column;
    const v16 normal = (loadPart(input + column, count) - mean) * inverse;
    const v16 gain = loadPart(arguments.gain + column, count), bias = loadPart(arguments.bias + column, count);
    storePart(output + column, fma(normal, gain, bias), count);
  }
}

CK_INLINE v16 load(const uint16_t *source) { return loadHalf(source); }

CK_INLINE void store(uint16_t *target, v16 value) { storeHalf(target, value); }

/// The scores of `blocks` times sixteen positions. Several blocks are computed at once only to hide latency.
template <int blocks, class Element>
CK_INLINE void scoreBlocks(const Element *keys, const float *query, int headSize, float scale, float *scores) {
  v16 sums[blocks];
  for (int b = 0; b < blocks; ++b) sums[b] = splat(0.0f);
  for (int d = 0; d < headSize; ++d) {
    const v16 value = splat(query[d]);
    for (int b = 0; b < blocks; ++b) {
      const Element *key = keys + (b * headSize + d) * panelWidth;
      __builtin_prefetch(key + blocks * headSize * panelWidth);
      sums[b] = fma(load(key), value, sums[b]);
    }
  }
  for (int b = 0; b < blocks; ++b) store(scores + b * panelWidth, sums[b] * splat(scale));
}

/// The weighted sum of the values over positions 0 ..< count, for `panels` times sixteen channels.
template <int panels, class Element>
CK_INLINE void weighValues(
  const Element *values, int headSize, const float *weights, int count, float inverse, float *output) {
  v16 sums[panels];
  for (int p = 0; p < panels; ++p) sums[p] = splat(0.0f);
  for (int position = 0; position < count; ++position) {
    const v16 weight = splat(weights[position]);
    const Element *value = values + size_t(position) * headSize;
    for (size_t line = 0; line < panels * panelWidth; line += 64 / sizeof(Element)) {
      __builtin_prefetch(value + 32 * headSize + line);
    }
    for (int p = 0; p < panels; ++p) sums[p] = fma(load(value + p * panelWidth), weight, sums[p]);
  }
  for (int p = 0; p < panels; ++p) store(output + p * panelWidth, sums[p] * splat(inverse));
}

template <class Element>
CK_INLINE void keep(Element *keys, Element *values, const float *key, const float *value, int headSize, int position) {
  Element lanes[panelWidth];
  Element *column = keys + size_t(position / panelWidth) * headSize * panelWidth + position % panelWidth;
  for (int d = 0; d < headSize; d += panelWidth) {
    store(lanes, load(key + d));
    for (int lane = 0; lane < panelWidth; ++lane) column[(d + lane) * panelWidth] = lanes[lane];
    store(values + size_t(position) * headSize + d, load(value + d));
  }
}

template <class Element>
CK_INLINE void attend(
  const Element *keys, const Element *values, const float *query, int headSize, int position, float *scores,
  float *output) {
  const int count = position + 1, blocks = position / panelWidth + 1;
  const float scale = 1.0f / __builtin_sqrtf(float(headSize));
  const size_t blockSize = size_t(headSize) * panelWidth;
  int block = 0;
  for (; block + 4 <= blocks; block += 4) {
    scoreBlocks<4>(keys + block * blockSize, query, headSize, scale, scores + block * panelWidth);
  }
  for (; block < blocks; ++block) {
    scoreBlocks<1>(keys + block * blockSize, query, headSize, scale, scores + block * panelWidth);
  }
  // The elements of the last block after `position` contain data of an earlier sequence, so they are masked.
  float *last = scores + (blocks - 1) * panelWidth;
  store(last, firstLanes(load(last), splat(-__builtin_inff()), count - (blocks - 1) * panelWidth));

  v16 peak = splat(-__builtin_inff());
  for (int b = 0; b < blocks; ++b) peak = larger(load(scores + b * panelWidth), peak);
  const v16 largest = splat(largestLane(peak));
  v16 sum = splat(0.0f);
  for (int b = 0; b < blocks; ++b) {
    v16 weight = exponential(load(scores + b * panelWidth) - largest);
    if (b == blocks - 1) weight = firstLanes(weight, splat(0.0f), count - b * panelWidth);
    store(scores + b * panelWidth, weight);
    sum += weight;
  }
  const float inverse = 1.0f / sumOfLanes(sum);
  int channel = 0;
  for (; channel + 64 <= headSize; channel += 64) {
    weighValues<4>(values + channel, headSize, scores, count, inverse, output + channel);
  }
  for (; channel < headSize; channel += 16) {
    weighValues<1>(values + channel, headSize, scores, count, inverse, output + channel);
  }
}

template <class Element>
CK_INLINE void attendRows(const ck_attention_arguments &arguments, int head, float *scores) {
  const int headSize = arguments.layout.head_size;
  const size_t hidden = size_t(arguments.layout.heads) * headSize;
  const size_t cacheOffset = size_t(head) * arguments.layout.capacity * headSize;
  for (int row = 0; row < arguments.row_count; ++row) {
    const ck_cache_row &place = arguments.rows[row];
    Element *keys = static_cast<Element *>(place.keys) + cacheOffset;
    Element *values = static_cast<Element *>(place.values) + cacheOffset;
    const float *query = arguments.projections + row * arguments.projections_stride + size_t(head) * headSize;
    keep(keys, values, query + hidden, query + 2 * hidden, headSize, place.position);
    float *output = arguments.output + row * arguments.output_stride + size_t(head) * headSize;
    attend(keys, values, query, headSize, place.position, scores, output);
  }
}

static void attendHead(const ck_attention_arguments &arguments, int head, float *scores) {
  if (arguments.layout.type == CK_CACHE_FLOAT16) {
    attendRows<uint16_t>(arguments, head, scores);
  } else {
    attendRows<float>(arguments, head, scores);
  }
}

template <v16 (*function)(v16)> static void inPlace(float *values, size_t count) {
  for (size_t index = 0; index < count; index += panelWidth) {
    const int part = count - index < panelWidth ? int(count - index) : panelWidth;
    storePart(values + index, function(loadPart(values + index, part)), part);
  }
}

static const KernelTable kernels = {
  floatProduct, int8Product, tiledConvolution, quantizedWidth, quantizeRow, packFloat, packTiled, packInt8, layerNorm, attendHead,
  inPlace<exponential>, inPlace<hyperbolicTangent>, inPlace<geluTanh>,
};
