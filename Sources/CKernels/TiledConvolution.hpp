// Convolutions by minimal filtering: four outputs of four taps take seven products instead of sixteen. Longer kernels
// are cut into sections of four taps. The sections share the transformed inputs, because tiles are four rows high too.
//
// Source: Winograd, "Arithmetic complexity of computations", 1980, over the points 0, 1, -1, 1/2, -1/2, -2 and
// infinity; as used by Lavin, Gray, "Fast algorithms for convolutional neural networks", 2016.

/// Transforms the input rows of a tile to points.
constexpr float inputTransform[tilePoints][tilePoints] = {
  {0.5f, 0.25f, -2.5f, -1.25f, 2, 1, 0}, {0, -0.5f, -0.75f, 1.75f, 3, 1, 0}, {0, 0.5f, -0.25f, -2.25f, 1, 1, 0},
  {0, -1, -2.5f, 0, 2.5f, 1, 0},         {0, 1, -1.5f, -2, 1.5f, 1, 0},      {0, 0.25f, 0, -1.25f, 0, 1, 0},
  {0, 0.5f, 0.25f, -2.5f, -1.25f, 2, 1},
};

/// Transforms four taps to points.
constexpr double tapTransform[tilePoints][tileHeight] = {
  {2, 0, 0, 0},
  {2.0 / 9, 2.0 / 9, 2.0 / 9, 2.0 / 9},
  {2.0 / 3, -2.0 / 3, 2.0 / 3, -2.0 / 3},
  {-16.0 / 15, -8.0 / 15, -4.0 / 15, -2.0 / 15},
  {-16.0 / 9, 8.0 / 9, -4.0 / 9, 2.0 / 9},
  {-2.0 / 45, 4.0 / 45, -8.0 / 45, 16.0 / 45},
  {0, 0, 0, 1},
};

/// Transforms points to the output rows of a tile.
constexpr float outputTransform[tileHeight][tilePoints] = {
  {1, 1, 1, 1, 1, 1, 0},
  {0, 1, -1, 0.5f, -0.5f, -2, 0},
  {0, 1, 1, 0.25f, 0.25f, 4, 0},
  {0, 1, -1, 0.125f, -0.125f, -8, 1},
};

/// Writes one panel's weights for every point. The whole layout is [points][panels][sections][inputs][16].
static void packTiled(const ck_convolution_source &source, int panel, int panels, float *packed) {
  const int sections = sectionCount(source.taps);
  const size_t pointSize = size_t(panels) * sections * source.inputs * panelWidth;
  float *target = packed + size_t(panel) * sections * source.inputs * panelWidth;
  for (int section = 0; section < sections; ++section) {
    for (int input = 0; input < source.inputs; ++input, target += panelWidth) {
      double points[tilePoints][panelWidth] = {};
      for (int tap = 0; tap < tileHeight && section * tileHeight + tap < source.taps; ++tap) {
        const float *values =
          source.values + (section * tileHeight + tap) * source.tap_stride + input * source.input_stride;
        float lanes[panelWidth];
        store(lanes, column(source, values, panel * panelWidth));
        for (int point = 0; point < tilePoints; ++point) {
          for (int lane = 0; lane < panelWidth; ++lane) points[point][lane] += tapTransform[point][tap] * lanes[lane];
        }
      }
      for (int point = 0; point < tilePoints; ++point) {
        for (int lane = 0; lane < panelWidth; ++lane) target[point * pointSize + lane] = float(points[point][lane]);
      }
    }
  }
}

/// The first input row of a tile, counted from the first row of the call. The positions of tiles are fixed relative to
/// the first row of the sequence; `dilation` tiles are interleaved in a block. So the arithmetic of a row does not
/// depend on the start of a call.
CK_INLINE int64_t tileRow(const TiledConvolution &convolution, int64_t tile) {
  const int64_t dilation = convolution.dilation;
  return tile / dilation * dilation * tileHeight + tile % dilation - convolution.firstRow;
}

CK_INLINE void transformInputs(const TiledConvolution &convolution, int64_t tile, float *target, size_t pointSize) {
  const size_t step = size_t(convolution.dilation) * convolution.inputs;
  const float *input = convolution.input + tileRow(convolution, tile) * convolution.inputs;
  for (int channel = 0; channel < convolution.inputs; channel += panelWidth) {
    v16 rows[tilePoints];
    CK_UNROLL for (int row = 0; row < tilePoints; ++row) rows[row] = load(input + channel + row * step);
    CK_UNROLL for (int point = 0; point < tilePoints; ++point) {
      v16 sum = splat(0.0f);
      CK_UNROLL for (int row = 0; row < tilePoints; ++row) {
        const float factor = inputTransform[point][row];
        if (factor == 1) sum += rows[row];
        else if (factor != 0) sum = fma(rows[row], splat(factor), sum);
      }
      store(target + point * pointSize + channel, sum);
    }
  }
}

CK_INLINE void transformOutputs(
  const TiledConvolution &convolution, int64_t tile, const float *products, size_t pointSize) {
  const int64_t first = tileRow(convolution, tile);
  const int panels = convolution.epilogue.outputs / panelWidth;
  for (int panel = 0; panel < panels; ++panel) {
    v16 points[tilePoints];
    CK_UNROLL for (int point = 0; point < tilePoints; ++point) {
      points[point] = load(products + point * pointSize + panel * panelWidth);
    }
    v16 sums[tileHeight];
    CK_UNROLL for (int row = 0; row < tileHeight; ++row) {
      sums[row] = splat(0.0f);
      CK_UNROLL for (int point = 0; point < tilePoints; ++point) {
        const float factor = outputTransform[row][point];
        if (factor == 1) sums[row] += points[point];
        else if (factor != 0) sums[row] = fma(points[point], splat(factor), sums[row]);
      }
    }
    CK_ROLLED for (int row = 0; row < tileHeight; ++row) {
      const int64_t output = first + row * convolution.dilation;
      if (output < 0 || output >= convolution.rows) continue;
      finish(convolution.epilogue, int(output), panel, sums[row]);
    }
  }
}

/// Computes the tiles first ..< end in several passes, so that intermediate values stay in the second-level cache.
static void tiledConvolution(const TiledConvolution &convolution, int64_t first, int64_t end, float *scratch) {
  const size_t inputs = convolution.inputs, outputs = convolution.epilogue.outputs;
  const int64_t beyond = int64_t(convolution.sections - 1) * convolution.dilation;
  const int64_t room = (int64_t(tiledScratchFloats) / tilePoints - beyond * inputs) / int64_t(inputs + outputs);
  const int64_t passes = (end - first + room - 1) / room;
  for (int64_t pass = 0; pass < passes; ++pass) {
    const int64_t tile = first + (end - first) * pass / passes, next = first + (end - first) * (pass + 1) / passes;
    const int64_t count = next - tile;
    const size_t inputPoint = size_t(count + beyond) * inputs, outputPoint = size_t(count) * outputs;
    float *products = scratch + tilePoints * inputPoint;
    for (int64_t index = 0; index < count + beyond; ++index) {
      transformInputs(convolution, tile + index, scratch + index * inputs, inputPoint);
    }
    for (int point = 0; point < tilePoints; ++point) {
      FloatProduct product = {};
      product.input = scratch + point * inputPoint;
      product.inputStride = inputs;
      product.tapStride = size_t(convolution.dilation) * inputs;
      product.taps = convolution.sections;
      product.inputs = convolution.inputs;
      product.weights = convolution.weights + point * outputs * convolution.sections * inputs;
      product.sums = products + point * outputPoint;
      product.sumsStride = outputs;
      floatProduct(product, {0, int(count), 0, int(outputs) / panelWidth});
    }
    for (int64_t index = 0; index < count; ++index) {
      transformOutputs(convolution, tile + index, products + index * outputs, outputPoint);
    }
  }
}
