#include "Context.hpp"

size_t ck_cache_byte_count(const ck_cache_layout *layout) {
  const bool valid = layout->heads >= 1 && layout->heads <= 1024 && layout->head_size >= 16 &&
    layout->head_size <= 256 && layout->head_size % 16 == 0 && layout->capacity >= 16 &&
    layout->capacity <= ck_context::maximumCapacity && layout->capacity % 16 == 0;
  if (!valid) return 0;
  const size_t element = layout->type == CK_CACHE_FLOAT16 ? 2 : 4;
  return size_t(layout->heads) * layout->head_size * layout->capacity * element;
}

ck_status ck_attention(ck_context *context, const ck_attention_arguments *arguments) {
  if (arguments->row_count < 0 || ck_cache_byte_count(&arguments->layout) == 0) return CK_INVALID_ARGUMENT;
  for (int row = 0; row < arguments->row_count; ++row) {
    const ck_cache_row &place = arguments->rows[row];
    if (!place.keys || !place.values || place.position < 0 || place.position >= arguments->layout.capacity) {
      return CK_INVALID_ARGUMENT;
    }
  }
  // Each head belongs to one thread, so a row reads only keys that the same thread has written.
  ck::parallel(context, [&](int thread, int threads) {
    const ck::Share heads(arguments->layout.heads, thread, threads);
    float *scores = context->scores + size_t(thread) * ck_context::maximumCapacity;
    for (int head = heads.first; head < heads.end; ++head) context->kernels.attendHead(*arguments, head, scores);
  });
  return CK_OK;
}
