#include "Context.hpp"

ck_status ck_layer_norm(ck_context *context, const ck_layer_norm_arguments *arguments) {
  if (arguments->rows < 0 || arguments->width < 1 || !arguments->gain || !arguments->bias) return CK_INVALID_ARGUMENT;
  const auto normalize = [&](int thread, int threads) {
    const ck::Share share(arguments->rows, thread, threads);
    for (int row = share.first; row < share.end; ++row) context->kernels.layerNorm(*arguments, row);
  };
  // For a few rows, waking the other threads would take longer than the work.
  if (size_t(arguments->rows) * arguments->width <= 2048) {
    normalize(0, 1);
  } else {
    ck::parallel(context, normalize);
  }
  return CK_OK;
}

void ck_exp(ck_context *context, float *values, size_t count) { context->kernels.exp(values, count); }
void ck_tanh(ck_context *context, float *values, size_t count) { context->kernels.tanh(values, count); }
void ck_gelu_tanh(ck_context *context, float *values, size_t count) { context->kernels.gelu(values, count); }
