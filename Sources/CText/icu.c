#include "icu_text.h"

#include <unicode/unumberformatter.h>
#include <unicode/utrans.h>

int32_t icu_format(
  const uint16_t *skeleton, int32_t skeleton_length, const char *locale, double number, uint16_t *buffer,
  int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  UNumberFormatter *formatter =
    unumf_openForSkeletonAndLocale((const UChar *)skeleton, skeleton_length, locale, &status);
  UFormattedNumber *result = unumf_openResult(&status);
  unumf_formatDouble(formatter, number, result, &status);
  int32_t length = unumf_resultToString(result, (UChar *)buffer, capacity, &status);
  unumf_closeResult(result);
  unumf_close(formatter);
  return U_SUCCESS(status) && length <= capacity ? length : 0;
}

const icu_transliterator *icu_transliterator_open(const uint16_t *name, int32_t length) {
  UErrorCode status = U_ZERO_ERROR;
  UTransliterator *transliterator = utrans_openU((const UChar *)name, length, UTRANS_FORWARD, 0, 0, 0, &status);
  return U_SUCCESS(status) ? (const icu_transliterator *)transliterator : 0;
}

int32_t icu_transliterate(const icu_transliterator *transliterator, uint16_t *buffer, int32_t length, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t limit = length;
  utrans_transUChars((const UTransliterator *)transliterator, (UChar *)buffer, &length, capacity, 0, &limit, &status);
  return U_SUCCESS(status) && length <= capacity ? length : 0;
}
