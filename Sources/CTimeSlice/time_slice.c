#include "CTimeSlice.h"

#ifdef __linux__

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's struct sched_attr, first version; the C library has none before glibc 2.41. */
struct scheduling_attributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime_nanoseconds;
  uint64_t deadline_nanoseconds;
  uint64_t period_nanoseconds;
};

/* The longest slice that Linux accepts. */
static const uint64_t longest_slice = 100000000;
/* A tenth of the weight of an ordinary thread. */
static const int32_t low_weight = 10;

int time_slice_give_way(void) {
  struct scheduling_attributes attributes = {0};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return errno;
  /* Of the ordinary policy (0) only: who chose another for this thread knows better. */
  if (attributes.policy != 0) return 0;
  attributes.runtime_nanoseconds = longest_slice;
  if (attributes.nice < low_weight) attributes.nice = low_weight;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 ? 0 : errno;
}

#else

int time_slice_give_way(void) { return 0; }

#endif
