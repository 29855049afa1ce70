#include "include/ck_thread.h"

#if defined(__linux__)

#include <cerrno>
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

/// The kernel's `struct sched_attr`, first version; the C library has none before glibc 2.41.
struct SchedulingAttributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtimeNanoseconds;
  uint64_t deadlineNanoseconds;
  uint64_t periodNanoseconds;
};

/// The longest that Linux accepts.
constexpr uint64_t sliceNanoseconds = 100'000'000;

} // namespace

int ck_thread_take_long_slices(void) {
  SchedulingAttributes attributes = {};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return errno;
  // Of the ordinary policy (0) only: who chose another for this thread knows better.
  if (attributes.policy != 0) return 0;
  attributes.runtimeNanoseconds = sliceNanoseconds;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 ? 0 : errno;
}

#else

int ck_thread_take_long_slices(void) { return 0; }

#endif
