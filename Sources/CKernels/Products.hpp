// Products and convolutions. Before including this file, a variant defines floatRows, floatPanels, int8Rows and
// int8Panels (register tiles), singleRowPanels, twoRowPanels, and `dot`, the product of four int8 inputs and sixteen
// outputs.

CK_INLINE v16 activated(v16 value, ck_activation activation) {
  switch (activation) {
  case CK_GELU_TANH: return geluTanh(value);
  case CK_TANH: return hyperbolicTangent(value);
  default: return value;
  }
}

/// Adds the bias to `sum` and applies the remaining steps of the epilogue.
CK_INLINE void finish(const Epilogue &epilogue, int row, int panel, v16 sum) {
  const int column = panel * panelWidth;
  const int count = epilogue.outputs - column;
  if (epilogue.bias) sum += load(epilogue.bias + column);
  sum = activated(sum, epilogue.activation);
  if (epilogue.residual) sum += loadPart(epilogue.residual + row * epilogue.residualStride + column, count);
  if (epilogue.sum) sum = loadPart(epilogue.sum + row * epilogue.sumStride + column, count) + sum;
  sum *= epilogue.gain;
  if (epilogue.output) storePart(epilogue.output + row * epilogue.outputStride + column, sum, count);
  if (epilogue.rectified) {
    const v16 rectified = sum < splat(0.0f) ? sum * epilogue.slope : sum;
    storePart(epilogue.rectified + row * epilogue.rectifiedStride + column, rectified, count);
  }
}

/// In bytes: the size of a page, because the processor's own prefetching stops at the end of a page.
constexpr size_t prefetchDistance = 4096;

/// One register tile. In tiles of every size, a sum takes taps and inputs in ascending order, with one fused step each.
template <int rows, int panels>
CK_INLINE void floatTile(const FloatProduct &product, int row, int panel) {
  // Three rows share a base pointer, because more pointers would not fit the registers.
  constexpr int bases = (rows + 2) / 3;
  const size_t stride = product.inputStride;
  const size_t panelSize = size_t(product.taps) * product.inputs * panelWidth;
  const float *weights = product.weights + panel * panelSize;
  v16 sums[rows][panels];
  CK_UNROLL for (int r = 0; r < rows; ++r) {
    CK_UNROLL for (int p = 0; p < panels; ++p) sums[r][p] = splat(0.0f);
  }
  for (int tap = 0; tap < product.taps; ++tap) {
    const float *base[bases];
    for (int b = 0; b < bases; ++b) base[b] = product.input + (row + 3 * b) * stride + tap * product.tapStride;
    for (int input = 0; input < product.inputs; ++input, weights += panelWidth) {
      v16 weight[panels];
      if constexpr (panels == 1) __builtin_prefetch(weights + prefetchDistance / sizeof(float));
      CK_UNROLL for (int p = 0; p < panels; ++p) weight[p] = load(weights + p * panelSize);
      CK_UNROLL for (int r = 0; r < rows; ++r) {
        const v16 value = splat(base[r / 3][(r % 3) * stride + input]);
        CK_UNROLL for (int p = 0; p < panels; ++p) sums[r][p] = fma(weight[p], value, sums[r][p]);
      }
    }
  }
  if (product.sums) {
    float *target = product.sums + row * product.sumsStride + panel * panelWidth;
    CK_UNROLL for (int r = 0; r < rows; ++r) {
      CK_UNROLL for (int p = 0; p < panels; ++p) store(target + r * product.sumsStride + p * panelWidth, sums[r][p]);
    }
    return;
  }
  // The sums pass through memory, so that they are never indexed by a variable and stay in registers above.
  v16 finished[rows][panels];
  CK_UNROLL for (int r = 0; r < rows; ++r) {
    CK_UNROLL for (int p = 0; p < panels; ++p) finished[r][p] = sums[r][p];
  }
  CK_ROLLED for (int r = 0; r < rows; ++r) {
    CK_ROLLED for (int p = 0; p < panels; ++p) finish(product.epilogue, row + r, panel + p, finished[r][p]);
  }
}

/// One register tile of integers. The sums are exact, so every variant gets the same ones.
template <int rows, int panels>
CK_INLINE void int8Tile(const Int8Product &product, int row, int panel) {
  const int steps = paddedInputs(product.inputs) / 4;
  const size_t panelSize = size_t(steps) * 64;
  const int8_t *weights = product.weights + panel * panelSize;
  const uint8_t *input = product.input + row * product.inputStride;
  v16i sums[rows][panels];
  CK_UNROLL for (int r = 0; r < rows; ++r) {
    CK_UNROLL for (int p = 0; p < panels; ++p) sums[r][p] = v16i(0);
  }
  for (int step = 0; step < steps; ++step, weights += 64, input += 4 * quantizedWidth) {
    if constexpr (panels == 1) __builtin_prefetch(weights + prefetchDistance);
    CK_UNROLL for (int r = 0; r < rows; ++r) {
      CK_UNROLL for (int p = 0; p < panels; ++p) {
        sums[r][p] = dot(sums[r][p], input + r * product.inputStride, weights + p * panelSize);
      }
    }
  }
  v16i finished[rows][panels];
  CK_UNROLL for (int r = 0; r < rows; ++r) {
    CK_UNROLL for (int p = 0; p < panels; ++p) finished[r][p] = sums[r][p];
  }
  CK_ROLLED for (int p = 0; p < panels; ++p) {
    const int column = (panel + p) * panelWidth;
    v16i correction;
    __builtin_memcpy(&correction, product.corrections + column, sizeof correction);
    const v16 scale = load(product.scales + column);
    CK_ROLLED for (int r = 0; r < rows; ++r) {
      const v16 sum = __builtin_convertvector(corrected(finished[r][p], correction), v16);
      finish(product.epilogue, row + r, panel + p, sum * (scale * splat(product.rowScales[row + r])));
    }
  }
}

template <int rows, int panels> struct FloatTile {
  static constexpr int rowLimit = floatRows;
  static void run(const FloatProduct &product, int row, int panel) { floatTile<rows, panels>(product, row, panel); }
};

template <int rows, int panels> struct Int8Tile {
  static constexpr int rowLimit = int8Rows;
  static void run(const Int8Product &product, int row, int panel) { int8Tile<rows, panels>(product, row, panel); }
};

/// Calls the tile for `count` rows, which is at most the tile's limit.
template <template <int, int> class Tile, int panels, int rows, class Product>
CK_INLINE void chooseTile(const Product &product, int row, int panel, int count) {
  if constexpr (rows > 1) {
    if (count < rows) {
      chooseTile<Tile, panels, rows - 1>(product, row, panel, count);
      return;
    }
  }
  Tile<rows, panels>::run(product, row, panel);
}

/// Divides the rows into tiles of nearly equal height, because a tile of one row would cost almost as much as a full
/// one.
template <template <int, int> class Tile, int panels, class Product>
CK_INLINE void tileRows(const Product &product, int firstRow, int endRow, int panel) {
  constexpr int limit = Tile<1, 1>::rowLimit;
  const int count = endRow - firstRow;
  const int tiles = (count + limit - 1) / limit;
  int row = firstRow;
  for (int tile = 0; tile < tiles; ++tile) {
    const int next = firstRow + int(int64_t(count) * (tile + 1) / tiles);
    chooseTile<Tile, panels, limit>(product, row, panel, next - row);
    row = next;
  }
}

/// The outer loop runs over blocks of rows, so that a block's inputs stay in the second-level cache for all panels.
template <template <int, int> class Tile, int panels, class Product>
CK_INLINE void tilePart(const Product &product, Part part, size_t rowByteCount) {
  const size_t cached = size_t(512) << 10;
  const int block = rowByteCount * 64 > cached ? 64 : int(cached / rowByteCount);
  for (int row = part.firstRow; row < part.endRow; row += block) {
    const int end = row + block < part.endRow ? row + block : part.endRow;
    int panel = part.firstPanel;
    for (; panel + panels <= part.endPanel; panel += panels) tileRows<Tile, panels>(product, row, end, panel);
    for (; panel < part.endPanel; ++panel) tileRows<Tile, 1>(product, row, end, panel);
  }
}

/// Up to this number of rows, reading the weights from memory takes longer than the sums. Then one panel at a time is
/// computed, which reads them from front to back. With one or two rows there are too few independent sums to hide the
/// latency of each step, so a few panels are read side by side. There the processor's own prefetching works better than
/// prefetch instructions.
constexpr int streamedRows = 8;

template <template <int, int> class Tile, int panels, class Product>
CK_INLINE void tileProduct(const Product &product, Part part, size_t rowByteCount) {
  const int rows = part.endRow - part.firstRow;
  if (rows == 1) {
    tilePart<Tile, singleRowPanels>(product, part, rowByteCount);
  } else if (rows == 2) {
    tilePart<Tile, twoRowPanels>(product, part, rowByteCount);
  } else if (rows <= streamedRows) {
    tilePart<Tile, 1>(product, part, rowByteCount);
  } else {
    tilePart<Tile, panels>(product, part, rowByteCount);
  }
}

static void floatProduct(const FloatProduct &product, Part part) {
  tileProduct<FloatTile, floatPanels>(product, part, size_t(product.inputs) * sizeof(float));
}

static void int8Product(const Int8Product &product, Part part) {
  tileProduct<Int8Tile, int8Panels>(product, part, size_t(paddedInputs(product.inputs)) * quantizedWidth);
}
