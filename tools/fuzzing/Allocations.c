// Counts the bytes that reading an input allocates, at present and at most. ASan's hooks see every allocation of the
// process, including those of the Swift runtime.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

size_t __sanitizer_get_allocated_size(const volatile void *pointer);
int __sanitizer_get_ownership(const volatile void *pointer);
int __sanitizer_install_malloc_and_free_hooks(
  void (*onAllocation)(const volatile void *, size_t), void (*onRelease)(const volatile void *));

static _Atomic long alive, most;

static void note(const volatile void *pointer, size_t size) {
  long now = atomic_fetch_add(&alive, (long)size) + (long)size;
  if (now > atomic_load(&most)) atomic_store(&most, now);
}

static void forget(const volatile void *pointer) {
  if (pointer && __sanitizer_get_ownership(pointer))
    atomic_fetch_sub(&alive, (long)__sanitizer_get_allocated_size(pointer));
}

void allocations_watch(void) { __sanitizer_install_malloc_and_free_hooks(note, forget); }

long allocations_begin(void) {
  long now = atomic_load(&alive);
  atomic_store(&most, now);
  return now;
}

long allocations_most(void) { return atomic_load(&most); }

int memory_file(void) { return memfd_create("input", 0); }
