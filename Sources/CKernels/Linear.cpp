#include "Context.hpp"

namespace {

constexpr int32_t sizeLimit = 65536;

bool inRange(int32_t size) { return size >= 1 && size <= sizeLimit; }

/// The offsets of a packed layer's parts, in bytes from its start.
struct Layout {
  size_t scales, corrections, bias, end;

  Layout(ck_precision precision, int32_t inputs, int32_t outputs) {
    const size_t padded = size_t(ck::panelCount(outputs)) * ck::panelWidth;
    const size_t weights =
      precision == CK_INT8 ? padded * ck::paddedInputs(inputs) : padded * inputs * sizeof(float);
    scales = weights;
    corrections = scales + (precision == CK_INT8 ? padded * sizeof(float) : 0);
    bias = corrections + (precision == CK_INT8 ? padded * sizeof(int32_t) : 0);
    end = bias + padded * sizeof(float);
  }
};

} // namespace

size_t ck_linear_byte_count(ck_precision precision, int32_t inputs, int32_t outputs) {
  if (!inRange(inputs) || !inRange(outputs)) return 0;
  return Layout(precision, inputs, outputs).end;
}

ck_status ck_linear_pack(
  ck_context *context, ck_precision precision, const ck_linear_source *source, void *memory, ck_linear *linear) {
  if (!source->values || !memory || !inRange(source->inputs) || !inRange(source->outputs)) return CK_INVALID_ARGUMENT;
  const Layout layout(precision, source->inputs, source->outputs);
  auto *bytes = static_cast<uint8_t *>(memory);
  auto *bias = reinterpret_cast<float *>(bytes + layout.bias);
  auto *scales = reinterpret_cast<float *>(bytes + layout.scales);
  auto *corrections = reinterpret_cast<int32_t *>(bytes + layout.corrections);
  const int panels = ck::panelCount(source->outputs);
  const ck::KernelTable &kernels = context->kernels;
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share share(panels, thread, threads);
    for (int panel = share.first; panel < share.end; ++panel) {
      const size_t column = size_t(panel) * ck::panelWidth;
      if (precision == CK_INT8) {
        auto *packed = reinterpret_cast<int8_t *>(bytes) + column * ck::paddedInputs(source->inputs);
        kernels.packInt8(*source, panel, packed, scales + column, corrections + column);
      } else {
        const ck_convolution_source tap = {
          source->values, source->inputs, source->outputs, 1, 0, source->input_stride, source->output_stride};
        kernels.packFloat(tap, panel, reinterpret_cast<float *>(bytes) + column * source->inputs);
      }
      for (size_t output = column; output < column + ck::panelWidth; ++output) {
        bias[output] = source->bias && output < size_t(source->outputs) ? source->bias[output] : 0.0f;
      }
    }
  });
  return ck_linear_view(precision, source->inputs, source->outputs, memory, linear);
}

ck_status ck_linear_view(
  ck_precision precision, int32_t inputs, int32_t outputs, const void *memory, ck_linear *linear) {
  if (!memory || !inRange(inputs) || !inRange(outputs)) return CK_INVALID_ARGUMENT;
  const Layout layout(precision, inputs, outputs);
  const auto *bytes = static_cast<const uint8_t *>(memory);
  const bool int8 = precision == CK_INT8;
  *linear = {
    precision,
    inputs,
    outputs,
    memory,
    reinterpret_cast<const float *>(bytes + layout.bias),
    int8 ? reinterpret_cast<const float *>(bytes + layout.scales) : nullptr,
    int8 ? reinterpret_cast<const int32_t *>(bytes + layout.corrections) : nullptr};
  return CK_OK;
}

namespace {

ck::Epilogue epilogue(const ck_linear &linear, const ck_rows &rows) {
  ck::Epilogue result = {};
  result.outputs = linear.outputs;
  result.bias = linear.bias;
  result.activation = rows.activation;
  result.residual = rows.residual;
  result.residualStride = rows.residual_stride;
  result.gain = 1.0f;
  result.output = rows.output;
  result.outputStride = rows.output_stride;
  return result;
}

size_t quantizedStride(const ck::KernelTable &kernels, int32_t inputs) {
  return (size_t(inputs) + 63) / 64 * 64 * kernels.quantizedWidth;
}

/// Applies an int8 layer. The quantised rows must fit the scratch memory.
void applyInt8(ck_context *context, const ck_linear &linear, const ck_rows &rows) {
  const ck::KernelTable &kernels = context->kernels;
  const size_t stride = quantizedStride(kernels, linear.inputs);
  const auto quantize = [&](int row) {
    kernels.quantizeRow(
      rows.input + row * rows.input_stride, linear.inputs, context->quantized + row * stride,
      context->rowScales + row);
  };
  if (rows.rows == 1) {
    quantize(0);
  } else {
    ck::parallel(context, [&](int thread, int threads) {
      const ck::Share share(rows.rows, thread, threads);
      for (int row = share.first; row < share.end; ++row) quantize(row);
    });
  }
  const ck::Int8Product product = {
    context->quantized, stride,        context->rowScales, linear.inputs, static_cast<const int8_t *>(linear.weights),
    linear.scales,      linear.corrections, epilogue(linear, rows)};
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share panels(ck::panelCount(linear.outputs), thread, threads);
    kernels.int8Product(product, {0, rows.rows, panels.first, panels.end});
  });
}

} // namespace

ck_status ck_linear_apply(ck_context *context, const ck_linear *linear, const ck_rows *rows) {
  if (rows->rows < 0 || !rows->input || !rows->output) return CK_INVALID_ARGUMENT;
  if (rows->input_stride < size_t(linear->inputs) || rows->output_stride < size_t(linear->outputs)) {
    return CK_INVALID_ARGUMENT;
  }
  if (linear->precision == CK_INT8) {
    const size_t stride = quantizedStride(context->kernels, linear->inputs);
    int limit = int(ck_context::quantizedByteCount / stride);
    if (limit > ck_context::maximumQuantizedRows) limit = ck_context::maximumQuantizedRows;
    for (int row = 0; row < rows->rows; row += limit) {
      ck_rows piece = *rows;
      piece.rows = rows->rows - row < limit ? rows->rows - row : limit;
      piece.input += row * rows->input_stride;
      piece.output += row * rows->output_stride;
      if (piece.residual) piece.residual += row * rows->residual_stride;
      applyInt8(context, *linear, piece);
    }
    return CK_OK;
  }
  const ck::FloatProduct product = {rows->input, rows->input_stride, 0, 1, linear->inputs,
                                    static_cast<const float *>(linear->weights), epilogue(*linear, *rows), nullptr, 0};
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share panels(ck::panelCount(linear->outputs), thread, threads);
    context->kernels.floatProduct(product, {0, rows->rows, panels.first, panels.end});
  });
  return CK_OK;
}
