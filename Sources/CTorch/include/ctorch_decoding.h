/// Steps of autoregressive decoding that combine several operators. The rules of ctorch.h apply. No function waits for
/// the device, so all of them can be recorded in a graph.
#ifndef CTORCH_DECODING_H
#define CTORCH_DECODING_H

#include "ctorch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// cache[:, first_slot + b, :, positions[b], :] = fresh[:, b], with cache [2, slots, heads, positions, head size], fresh
/// [2, rows, heads, head size], positions [rows] int64.
ct_status ct_cache_write(ct_tensor *cache, const ct_tensor *fresh, int64_t first_slot, const ct_tensor *positions);
/// cache[:, slots[p], :, :n, :] = fresh[:, p], with fresh [2, prompts, heads, n, head size] and slots [prompts] int64,
/// which must all be different.
ct_status ct_cache_fill(ct_tensor *cache, const ct_tensor *fresh, const ct_tensor *slots);
/// The attention mask of each row: 0 at and before its position, minus infinity after it; [rows * heads, 1, length].
ct_status ct_position_mask(
    const ct_tensor *positions, int64_t length, int64_t heads, ct_dtype dtype, ct_tensor **out);
/// Attention of one query per row over the first `length` positions of its slot: queries [rows, heads, head size], mask
/// from ct_position_mask; the result is [rows, heads * head size].
ct_status ct_cached_attention(
    const ct_tensor *queries, const ct_tensor *cache, int64_t first_slot, int64_t length, const ct_tensor *mask,
    double scale, ct_tensor **out);
/// gelu(bias + a b) with GPT-2's tanh approximation; one kernel on a GPU.
ct_status ct_affine_gelu(const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);

/// The columns of the controls of ct_draw_codes, float64; each row has its own values.
typedef enum {
  CT_DRAW_PENALTY,      // repetition penalty: divides the scores of used codes, multiplies negative ones; 1 is off
  CT_DRAW_TEMPERATURE,  // divides all scores
  CT_DRAW_TOP_K,        // number of codes that are kept, plus equals of the last one; from 1 to all codes
  CT_DRAW_DROPPED,      // the least likely codes with at most this total share are removed; negative is off
  CT_DRAW_UNIFORM,      // the random number of the draw, from 0 to below 1
  CT_DRAW_GREEDY,       // not 0: the code with the best score after the penalty is taken
  CT_DRAW_SUPPRESSED,   // a code whose score becomes -1e9; -1 for none
  CT_DRAW_COLUMNS,
} ct_draw_column;

/// The next code of each row: logits [rows, codes] float32, used [rows, codes] bool, controls [rows, CT_DRAW_COLUMNS].
/// The result is [rows, 1] float32, with -1 where a logit is not finite.
ct_status ct_draw_codes(
    const ct_tensor *logits, const ct_tensor *used, const ct_tensor *controls, ct_tensor **out);
/// target[r, columns[r]] = true, with columns [rows, 1] int64.
ct_status ct_mark(ct_tensor *target, const ct_tensor *columns);

#ifdef __cplusplus
}
#endif
#endif
