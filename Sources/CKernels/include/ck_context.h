#ifndef CK_CONTEXT_H
#define CK_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CK_OK = 0,
  CK_INVALID_ARGUMENT = 1,
  CK_OUT_OF_MEMORY = 2,
} ck_status;

/* The instruction sets of the kernels. */
typedef enum {
  CK_VARIANT_PORTABLE = 0,
  CK_VARIANT_AVX2 = 1,   /* AVX2, FMA, F16C */
  CK_VARIANT_AVX512 = 2, /* AVX-512 F, BW, DQ, VL and VNNI */
} ck_variant;

/* The best variant this CPU and operating system can run. */
ck_variant ck_best_variant(void);
/* "avx512", "avx2", "portable"; a static string. */
const char *ck_variant_name(ck_variant variant);

/* Threads, the chosen variant and scratch memory. Calls on one context must not overlap; contexts share nothing. */
typedef struct ck_context ck_context;

/* Starts `threads` - 1 workers (1..64; the caller of a kernel works too). They spin for some tens of microseconds
   after a kernel and then sleep. Returns CK_INVALID_ARGUMENT if the CPU can't run the variant.
   Free the context by ck_context_destroy, which joins the workers. */
ck_status ck_context_create(int threads, ck_variant variant, ck_context **context);
void ck_context_destroy(ck_context *context);
int ck_context_threads(const ck_context *context);
ck_variant ck_context_variant(const ck_context *context);

typedef enum {
  CK_SMALL_PAGES = 0, /* for memory that is filled gradually: only written pages occupy memory */
  CK_HUGE_PAGES = 1,  /* for memory that is read from end to end; used where the system grants them */
} ck_pages;

/* Zeroed memory, 64-byte aligned; NULL if the allocation fails. Free it by ck_memory_free with the same size. */
void *ck_memory_allocate(size_t byte_count, ck_pages pages);
void ck_memory_free(void *memory, size_t byte_count);

#ifdef __cplusplus
}
#endif
#endif
