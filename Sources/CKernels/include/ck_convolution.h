#ifndef CK_CONVOLUTION_H
#define CK_CONVOLUTION_H

#include "ck_linear.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Output rows of one tile. */
enum { CK_TILE_ROWS = 4 };

typedef enum {
  /* Packed [outputs/16][taps][inputs][16]. */
  CK_DIRECT = 0,
  /* Half the multiplications. For 3 taps or more, and for numbers of inputs and outputs that are multiples of 16, at
     most 512 each. The positions of tiles are fixed relative to the first row of the sequence. A row depends on all
     inputs of its tile. A tile has the rows n ... n + CK_TILE_ROWS * dilation - 1, where n is a multiple of that
     length, and its inputs are those of these rows with the taps rounded up to a multiple of CK_TILE_ROWS.
     Packed [7 points][outputs/16][sections of 4 taps][inputs][16]. */
  CK_TILED = 1,
} ck_convolution_form;

/* Packed weights of a one-dimensional convolution over rows of channels. A view: the caller owns the memory. */
typedef struct {
  ck_convolution_form form;
  int32_t inputs;
  int32_t outputs;
  int32_t taps;
  const float *weights;
} ck_convolution;

/* Unpacked weights: (tap, input, output) at
   values[tap * tap_stride + input * input_stride + output * output_stride]. */
typedef struct {
  const float *values;
  int32_t inputs;
  int32_t outputs;
  int32_t taps;
  ptrdiff_t tap_stride;
  ptrdiff_t input_stride;
  ptrdiff_t output_stride;
} ck_convolution_source;

/* Bytes of the packed weights; 0 if a size is out of range (taps 1 .. 64, channels 1 .. 65536) or the form does not
   support it. */
size_t ck_convolution_byte_count(ck_convolution_form form, int32_t inputs, int32_t outputs, int32_t taps);
ck_status ck_convolution_pack(
  ck_context *context, ck_convolution_form form, const ck_convolution_source *source, void *memory,
  ck_convolution *convolution);

/* For each row r and output channel:
     v = sum over taps and inputs of input[r + tap * dilation] * weight + bias
     v = activation(v) + residual[r] + sum[r], times gain
     output[r] = v; rectified[r] = v < 0 ? slope * v : v
   Rows are `stride` floats apart; `input` points to the row that tap 0 reads for output row 0. residual, sum, output
   and rectified may be NULL; sum may be the same memory as output.
   With CK_TILED, rows must have no gaps, and on either side the input must be readable for up to
   CK_TILE_ROWS * dilation rows beyond the inputs of the tiles; the values of these rows don't matter. dilation is at
   most 16. */
typedef struct {
  const float *input;
  size_t input_stride;
  int64_t first_row; /* number of the first row in the sequence, not negative; used by CK_TILED only */
  int32_t rows;
  int32_t dilation;
  const float *bias; /* [outputs] padded to 16, or NULL */
  ck_activation activation;
  const float *residual;
  size_t residual_stride;
  const float *sum;
  size_t sum_stride;
  float gain;
  float *output;
  size_t output_stride;
  float *rectified;
  size_t rectified_stride;
  float slope;
} ck_convolution_arguments;

ck_status ck_convolution_apply(
  ck_context *context, const ck_convolution *convolution, const ck_convolution_arguments *arguments);

#ifdef __cplusplus
}
#endif
#endif
