#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CK_FLOAT32 = 0,
  /* Symmetric, one scale per output; activations are quantised per row when a product runs. */
  CK_INT8 = 1,
} ck_precision;

typedef enum {
  CK_IDENTITY = 0,
  CK_GELU_TANH = 1, /* 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), GPT-2's gelu_new */
  CK_TANH = 2,
} ck_activation;

/* Weights of one linear layer, packed for the kernels. A view: the caller owns the memory. */
typedef struct {
  ck_precision precision;
  int32_t inputs;
  int32_t outputs;
  const void *weights;       /* float32 [outputs/16][inputs][16] or int8 [outputs/16][inputs/4][16][4] */
  const float *bias;         /* [outputs], padded with zeros to 16 */
  const float *scales;       /* int8: [outputs], padded */
  const int32_t *corrections; /* int8: 128 times the sum of an output's weights, padded */
} ck_linear;

/* Unpacked weights: element (input, output) at values[input * input_stride + output * output_stride].
   bias may be NULL (zeros). */
typedef struct {
  const float *values;
  const float *bias;
  int32_t inputs;
  int32_t outputs;
  ptrdiff_t input_stride;
  ptrdiff_t output_stride;
} ck_linear_source;

/* Bytes that a packed layer takes; 0 when the sizes are out of range (1 .. 65536 each). */
size_t ck_linear_byte_count(ck_precision precision, int32_t inputs, int32_t outputs);

/* Packs (and quantises) into `memory`, which has ck_linear_byte_count bytes, is 64-byte aligned and outlives
   `linear`. */
ck_status ck_linear_pack(
  ck_context *context, ck_precision precision, const ck_linear_source *source, void *memory, ck_linear *linear);

/* The layer that ck_linear_pack has written to `memory`. The bytes may have been stored and loaded in between. */
ck_status ck_linear_view(
  ck_precision precision, int32_t inputs, int32_t outputs, const void *memory, ck_linear *linear);

/* output[row] = activation(input[row] W + bias) + residual[row], strides in floats. `residual` may be NULL and may be
   `output`; otherwise the operands must not overlap. */
typedef struct {
  const float *input;
  size_t input_stride;
  int32_t rows;
  ck_activation activation;
  const float *residual;
  size_t residual_stride;
  float *output;
  size_t output_stride;
} ck_rows;

ck_status ck_linear_apply(ck_context *context, const ck_linear *linear, const ck_rows *rows);

#ifdef __cplusplus
}
#endif
#endif
