#include "Context.hpp"

namespace {

constexpr int32_t channelLimit = 65536, tapLimit = 64;

bool inRange(int32_t inputs, int32_t outputs, int32_t taps) {
  return inputs >= 1 && inputs <= channelLimit && outputs >= 1 && outputs <= channelLimit && taps >= 1 &&
    taps <= tapLimit;
}

} // namespace

size_t ck_convolution_byte_count(int32_t inputs, int32_t outputs, int32_t taps) {
  if (!inRange(inputs, outputs, taps)) return 0;
  return size_t(ck::panelCount(outputs)) * ck::panelWidth * taps * inputs * sizeof(float);
}

ck_status ck_convolution_pack(
  ck_context *context, const ck_convolution_source *source, void *memory, ck_convolution *convolution) {
  if (!source->values || !memory || !inRange(source->inputs, source->outputs, source->taps)) {
    return CK_INVALID_ARGUMENT;
  }
  auto *packed = static_cast<float *>(memory);
  const size_t panelSize = size_t(source->taps) * source->inputs * ck::panelWidth;
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share panels(ck::panelCount(source->outputs), thread, threads);
    for (int panel = panels.first; panel < panels.end; ++panel) {
      context->kernels.packFloat(*source, panel, packed + panel * panelSize);
    }
  });
  *convolution = {source->inputs, source->outputs, source->taps, packed};
  return CK_OK;
}

ck_status ck_convolution_apply(
  ck_context *context, const ck_convolution *convolution, const ck_convolution_arguments *arguments) {
  if (!arguments->input || arguments->rows < 0 || arguments->dilation < 1) return CK_INVALID_ARGUMENT;
  const ck::Epilogue epilogue = {
    convolution->outputs,       arguments->bias,        arguments->activation, arguments->residual,
    arguments->residual_stride, arguments->sum,         arguments->sum_stride, arguments->gain,
    arguments->output,          arguments->output_stride, arguments->rectified,  arguments->rectified_stride,
    arguments->slope};
  const ck::FloatProduct product = {
    arguments->input,    arguments->input_stride, arguments->dilation * arguments->input_stride, convolution->taps,
    convolution->inputs, convolution->weights,    epilogue};
  const int panels = ck::panelCount(convolution->outputs);
  ck::parallel(context, [&](int thread, int threads) {
    ck::Part part = {0, arguments->rows, 0, panels};
    // By panels where each thread gets whole pairs: then it reads its own weights only. Else by rows.
    if (panels >= 2 * threads) {
      const ck::Share share((panels + 1) / 2, thread, threads);
      part.firstPanel = 2 * share.first;
      part.endPanel = 2 * share.end < panels ? 2 * share.end : panels;
    } else {
      const ck::Share share(arguments->rows, thread, threads);
      part.firstRow = share.first;
      part.endRow = share.end;
    }
    context->kernels.floatProduct(product, part);
  });
  return CK_OK;
}
