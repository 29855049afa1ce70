#include "Context.hpp"

namespace {

constexpr int32_t channelLimit = 65536, tapLimit = 64;

bool inRange(int32_t inputs, int32_t outputs, int32_t taps) {
  return inputs >= 1 && inputs <= channelLimit && outputs >= 1 && outputs <= channelLimit && taps >= 1 &&
    taps <= tapLimit;
}

/// The scratch memory limits channels and dilation of tiles: a tile with all of its inputs must fit.
constexpr int32_t tiledChannelLimit = 512, tiledDilationLimit = 16, tiledTapLimit = 12;
static_assert(
  ck::tilePoints * tiledChannelLimit * (2 + tiledDilationLimit * (tiledTapLimit / ck::tileHeight - 1)) <=
  ck::tiledScratchFloats);

bool isTileable(int32_t inputs, int32_t outputs, int32_t taps) {
  return taps >= 3 && taps <= tiledTapLimit && inputs % ck::panelWidth == 0 && outputs % ck::panelWidth == 0 &&
    inputs <= tiledChannelLimit && outputs <= tiledChannelLimit;
}

ck::Epilogue epilogue(const ck_convolution &convolution, const ck_convolution_arguments &arguments) {
  return {convolution.outputs,       arguments.bias,          arguments.activation, arguments.residual,
          arguments.residual_stride, arguments.sum,           arguments.sum_stride, arguments.gain,
          arguments.output,          arguments.output_stride, arguments.rectified,  arguments.rectified_stride,
          arguments.slope};
}

ck_status applyTiled(
  ck_context *context, const ck_convolution &convolution, const ck_convolution_arguments &arguments) {
  if (arguments.input_stride != size_t(convolution.inputs) || arguments.dilation > tiledDilationLimit) {
    return CK_INVALID_ARGUMENT;
  }
  if (arguments.first_row < 0 || arguments.rows == 0) return arguments.rows == 0 ? CK_OK : CK_INVALID_ARGUMENT;
  const ck::TiledConvolution tiled = {
    arguments.input,     arguments.first_row,   arguments.rows,
    arguments.dilation,  ck::sectionCount(convolution.taps), convolution.inputs,
    convolution.weights, epilogue(convolution, arguments)};
  const int64_t block = int64_t(ck::tileHeight) * arguments.dilation;
  const int64_t first = arguments.first_row / block * arguments.dilation;
  const int64_t end = (arguments.first_row + arguments.rows + block - 1) / block * arguments.dilation;
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share tiles(int(end - first), thread, threads);
    float *scratch = context->tiles + size_t(thread) * ck::tiledScratchFloats;
    context->kernels.tiledConvolution(tiled, first + tiles.first, first + tiles.end, scratch);
  });
  return CK_OK;
}

} // namespace

size_t ck_convolution_byte_count(ck_convolution_form form, int32_t inputs, int32_t outputs, int32_t taps) {
  if (!inRange(inputs, outputs, taps)) return 0;
  const size_t pairs = size_t(ck::panelCount(outputs)) * ck::panelWidth * inputs;
  if (form == CK_DIRECT) return pairs * taps * sizeof(float);
  return isTileable(inputs, outputs, taps) ? pairs * ck::sectionCount(taps) * ck::tilePoints * sizeof(float) : 0;
}

ck_status ck_convolution_pack(
  ck_context *context, ck_convolution_form form, const ck_convolution_source *source, void *memory,
  ck_convolution *convolution) {
  const bool fits = ck_convolution_byte_count(form, source->inputs, source->outputs, source->taps) > 0;
  if (!source->values || !memory || !fits) return CK_INVALID_ARGUMENT;
  auto *packed = static_cast<float *>(memory);
  const size_t panelSize = size_t(source->taps) * source->inputs * ck::panelWidth;
  const int panels = ck::panelCount(source->outputs);
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share share(panels, thread, threads);
    for (int panel = share.first; panel < share.end; ++panel) {
      if (form == CK_TILED) {
        context->kernels.packTiled(*source, panel, panels, packed);
      } else {
        context->kernels.packFloat(*source, panel, packed + panel * panelSize);
      }
    }
  });
  *convolution = {form, source->inputs, source->outputs, source->taps, packed};
  return CK_OK;
}

ck_status ck_convolution_apply(
  ck_context *context, const ck_convolution *convolution, const ck_convolution_arguments *arguments) {
  if (!arguments->input || arguments->rows < 0 || arguments->dilation < 1) return CK_INVALID_ARGUMENT;
  if (convolution->form == CK_TILED) return applyTiled(context, *convolution, *arguments);
  const ck::FloatProduct product = {
    arguments->input,    arguments->input_stride, arguments->dilation * arguments->input_stride, convolution->taps,
    convolution->inputs, convolution->weights,    epilogue(*convolution, *arguments), nullptr, 0};
  const int panels = ck::panelCount(convolution->outputs);
  ck::parallel(context, [&](int thread, int threads) {
    ck::Part part = {0, arguments->rows, 0, panels};
    // Divides by panels if each thread gets at least one pair, so that it reads only its own weights; otherwise by
    // rows.
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
