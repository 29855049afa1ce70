/* Which thread Linux runs first when one wakes. Threads started by a thread take all of this over. */
#ifndef CTIMESLICE_H
#define CTIMESLICE_H

#ifdef __cplusplus
extern "C" {
#endif

/* For a thread that computes for long: it gives way to whoever wakes. Of two that are ready, Linux runs first the one of
   shorter slices (6.12 or newer; before, they change nothing), but only if it had no more than its share of late; the
   lower weight (nice) of this thread sees to that. Where nobody else wants the processor it gets all of it.

   0, or the errno of the refusal, which costs nothing but promptness. */
int time_slice_give_way(void);

#ifdef __cplusplus
}
#endif
#endif
