#pragma once

#include "ck_attention.h"
#include "ck_convolution.h"
#include "ck_elementwise.h"
#include "ck_linear.h"

namespace ck {

/// The number of outputs that are packed together.
constexpr int panelWidth = 16;

inline int panelCount(int outputs) { return (outputs + panelWidth - 1) / panelWidth; }
/// int8 inputs are processed in groups of four.
inline int paddedInputs(int inputs) { return (inputs + 3) & ~3; }

/// The steps after a finished sum; rows count from the first row of the call.
struct Epilogue {
  int outputs;
  const float *bias;
  ck_activation activation;
  const float *residual;
  size_t residualStride;
  const float *sum;
  size_t sumStride;
  float gain;
  float *output;
  size_t outputStride;
  float *rectified;
  size_t rectifiedStride;
  float slope;
};

/// A product or convolution: row r reads input[r * inputStride + tap * tapStride + 0 ..< inputs].
struct FloatProduct {
  const float *input;
  size_t inputStride;
  size_t tapStride;
  int taps;
  int inputs;
  const float *weights;
  Epilogue epilogue;
  /// If set, replaces the epilogue: receives the plain sums, in whole panels.
  float *sums;
  size_t sumsStride;
};

/// Rows quantised by `quantizeRow`, `inputStride` bytes apart.
struct Int8Product {
  const uint8_t *input;
  size_t inputStride;
  const float *rowScales;
  int inputs;
  const int8_t *weights;
  const float *scales;
  const int32_t *corrections;
  Epilogue epilogue;
};

/// Rows of a tile and taps of a section; and the number of products of a tile per pair of channels.
constexpr int tileHeight = CK_TILE_ROWS, tilePoints = 2 * tileHeight - 1;

inline int sectionCount(int taps) { return (taps + tileHeight - 1) / tileHeight; }

/// Scratch memory of one thread: half of a second-level cache.
constexpr size_t tiledScratchFloats = size_t(1) << 17;

/// A convolution in tiles. Output row r is row firstRow + r of its sequence. Rows have no gaps, and channels come in
/// whole panels.
struct TiledConvolution {
  const float *input;
  int64_t firstRow;
  int rows;
  int dilation;
  int sections;
  int inputs;
  const float *weights;
  Epilogue epilogue;
};

/// The rows and panels of a product that one thread computes.
struct Part {
  int firstRow, endRow;
  int firstPanel, endPanel;
};

/// The kernels of one variant. Each runs on the calling thread.
struct KernelTable {
  void (*floatProduct)(const FloatProduct &product, Part part);
  void (*int8Product)(const Int8Product &product, Part part);
  void (*tiledConvolution)(const TiledConvolution &convolution, int64_t firstTile, int64_t endTile, float *scratch);
  /// Bytes per quantised input.
  int quantizedWidth;
  /// Writes the row in the variant's own format, padded to a multiple of four, and its scale.
  void (*quantizeRow)(const float *row, int inputs, uint8_t *quantized, float *scale);
  void (*packFloat)(const ck_convolution_source &source, int panel, float *packed);
  void (*packTiled)(const ck_convolution_source &source, int panel, int panels, float *packed);
  void (*packInt8)(const ck_linear_source &source, int panel, int8_t *packed, float *scales, int32_t *corrections);
  void (*layerNorm)(const ck_layer_norm_arguments &arguments, int row);
  /// Attention for all rows of one head. `scores` has room for `capacity` values.
  void (*attendHead)(const ck_attention_arguments &arguments, int head, float *scores);
  void (*exp)(float *values, size_t count);
  void (*tanh)(float *values, size_t count);
  void (*gelu)(float *values, size_t count);
};

extern const KernelTable portableKernels;
#if defined(__x86_64__)
extern const KernelTable avx2Kernels;
extern const KernelTable avx512Kernels;
#endif

} // namespace ck
