#ifndef CK_ELEMENTWISE_H
#define CK_ELEMENTWISE_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output[row] = (input[row] - mean) / sqrt(variance + epsilon) * gain + bias over `width` floats. Strides in
   floats; output may be the same memory as input. */
typedef struct {
  const float *input;
  size_t input_stride;
  int32_t rows;
  int32_t width;
  const float *gain;
  const float *bias;
  float epsilon;
  float *output;
  size_t output_stride;
} ck_layer_norm_arguments;

ck_status ck_layer_norm(ck_context *context, const ck_layer_norm_arguments *arguments);

/* In place, for tests of the approximations: exp (relative error 2e-7 in -87 .. 88), tanh (absolute 2e-7), GELU. */
void ck_exp(ck_context *context, float *values, size_t count);
void ck_tanh(ck_context *context, float *values, size_t count);
void ck_gelu_tanh(ck_context *context, float *values, size_t count);

#ifdef __cplusplus
}
#endif
#endif
