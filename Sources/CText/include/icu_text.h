// ICU's formatted numbers and transliteration. No type of ICU appears here: Foundation brings a module with another
// version of the same types. Text is UTF-16.

#ifndef SPEECHBUS_ICU_TEXT_H
#define SPEECHBUS_ICU_TEXT_H

#include <stdint.h>

typedef struct icu_transliterator icu_transliterator;

/// The number as the skeleton and the locale write it, into `buffer`; its length, 0 on failure.
int32_t icu_format(
  const uint16_t *skeleton, int32_t skeleton_length, const char *locale, double number, uint16_t *buffer,
  int32_t capacity);

/// Null on failure.
const icu_transliterator *icu_transliterator_open(const uint16_t *name, int32_t length);

/// Rewrites the first `length` units of `buffer`; the new length, 0 on failure.
int32_t icu_transliterate(const icu_transliterator *transliterator, uint16_t *buffer, int32_t length, int32_t capacity);

#endif
