#ifndef CK_THREAD_H
#define CK_THREAD_H

#ifdef __cplusplus
extern "C" {
#endif

/* Asks Linux for long time slices for the calling thread. It computes as much as before, but a thread of ordinary slices
   that wakes (an HTTP answer, a heartbeat, the broker next door) runs at once instead of after the slice (Linux 6.12 or
   newer; before, nothing changes). The workers of a context do this by themselves.
   0, or the errno of the refusal, which costs nothing but that promptness. */
int ck_thread_take_long_slices(void);

#ifdef __cplusplus
}
#endif
#endif
