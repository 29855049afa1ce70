#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CAudioDecoder.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static void limit(__rlimit_resource_t resource, rlim_t value) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) == 0 && limit.rlim_max < value) value = limit.rlim_max;
  limit = (struct rlimit){value, value};
  setrlimit(resource, &limit);
}

/// The address space that the process uses now, in bytes; 0 if unknown.
static rlim_t address_space(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file) return 0;
  if (fscanf(file, "%lu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

#ifdef ARCHITECTURE
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)
/// Runs the next `count` instructions only if the loaded value is `value`.
#define ONLY_FOR(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count)
#define ALLOW(name) ONLY_FOR(SYS_##name, 1), RETURN(SECCOMP_RET_ALLOW)
/// Refuses a call if `test` (BPF_JGT, BPF_JSET) of the argument and `value` is true.
#define ALLOW_UNLESS(name, argument, test, value) \
  ONLY_FOR(SYS_##name, 4), LOAD(args[argument]), BPF_JUMP(BPF_JMP | test | BPF_K, value, 1, 0), \
      RETURN(SECCOMP_RET_ALLOW), RETURN(REFUSED)

// Other system calls fail with EPERM instead of ending the process, so that a C library that tries a newer call first
// continues with the older one. Only the lower half of an argument is compared, because the kernel reads descriptors and
// protections as 32-bit values.
static struct sock_filter rules[] = {
    LOAD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
    RETURN(REFUSED),
    LOAD(nr),
    ALLOW(read),
    ALLOW(pread64),
    ALLOW(lseek),
    ALLOW(fstat),
    ALLOW(close),
    ALLOW_UNLESS(write, 0, BPF_JGT, STDERR_FILENO),
    ALLOW_UNLESS(mmap, 2, BPF_JSET, PROT_EXEC),
    ALLOW_UNLESS(mprotect, 2, BPF_JSET, PROT_EXEC),
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(futex),
    ALLOW(getrandom),
    ALLOW(clock_gettime),
    ALLOW(gettimeofday),
    ALLOW(sched_yield),
    ALLOW(sched_getaffinity),
    ALLOW(getpid),
    ALLOW(gettid),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(exit),
    ALLOW(exit_group),
    RETURN(REFUSED),
};

static int filter_system_calls(void) {
  struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 0;
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}
#else
static int filter_system_calls(void) { return 0; }
#endif

int audio_decoder_confine(struct audio_decoder_limits limits, int ends_with_parent) {
  // The decoder ends with the thread that started it.
  if (ends_with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    alarm(limits.seconds * 5);
  }
  // If the system runs out of memory, this process ends first.
  FILE *score = fopen("/proc/self/oom_score_adj", "we");
  if (score) {
    fputs("1000", score);
    fclose(score);
  }
  mallopt(M_ARENA_MAX, 1);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, limits.seconds);
  rlim_t used = address_space();
  if (used > 0) limit(RLIMIT_AS, used + limits.memory);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 0);
  limit(RLIMIT_NPROC, 0);
  return filter_system_calls();
}
