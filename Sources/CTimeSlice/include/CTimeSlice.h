/* How long Linux lets a thread run before others, and so which thread runs first when one wakes: one of shorter slices
   interrupts one of longer slices (Linux 6.12 or newer; before, nothing changes). The share of the processor that a thread
   gets is the same. Threads started by a thread take its slices over. */
#ifndef CTIMESLICE_H
#define CTIMESLICE_H

#ifdef __cplusplus
extern "C" {
#endif

enum {
  TIME_SLICE_LONG = 100000, /* for what computes all the time: gives way to whoever wakes. The most that Linux accepts */
};

/* Sets the calling thread's slices, in microseconds. 0, or the errno of the refusal, which costs nothing but promptness. */
int time_slice_set(unsigned microseconds);

#ifdef __cplusplus
}
#endif
#endif
