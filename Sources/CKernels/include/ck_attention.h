#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H

#include "ck_context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CK_CACHE_FLOAT32 = 0,
  CK_CACHE_FLOAT16 = 1,
} ck_cache_type;

/* Keys and values of one layer of one slot: keys [heads][capacity/16][head_size][16], values
   [heads][capacity][head_size]. `capacity` and `head_size` are multiples of 16, at most 8192 and 256. */
typedef struct {
  ck_cache_type type;
  int32_t heads;
  int32_t head_size;
  int32_t capacity;
} ck_cache_layout;

/* Bytes of the keys (and as many of the values) of one layer of one slot; 0 when the layout is out of range. */
size_t ck_cache_byte_count(const ck_cache_layout *layout);

/* The keys and values of a row's slot, and the row's position in them. */
typedef struct {
  void *keys;
  void *values;
  int32_t position;
} ck_cache_row;

/* Writes the row's key and value into the cache at its position, then attends with its query to positions
   0 ... position: softmax(q k / sqrt(head_size)) v. Rows of one slot must have ascending positions. They attend to the
   keys and values of earlier rows of the same call too, so one call serves a prompt's chunk or a batch of single steps.
   `projections` is [rows][3][heads][head_size] (query, key, value), `output` [rows][heads][head_size]. */
typedef struct {
  ck_cache_layout layout;
  const ck_cache_row *rows;
  int32_t row_count;
  const float *projections;
  size_t projections_stride;
  float *output;
  size_t output_stride;
} ck_attention_arguments;

ck_status ck_attention(ck_context *context, const ck_attention_arguments *arguments);

#ifdef __cplusplus
}
#endif
#endif
