/// What only a GPU has: rules of ctorch.h. In a build without CUDA headers the functions that need them fail and say so.
#ifndef CTORCH_DEVICE_H
#define CTORCH_DEVICE_H

#include "ctorch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Whether this library was built with CUDA headers, and so linked with a libtorch with CUDA; asks no driver.
bool ct_cuda_is_built(void);
/// How many CUDA devices answer; fails with the driver's reason where none does.
ct_status ct_cuda_probe(int32_t *count);
/// A device's name, cut at `capacity` bytes with its NUL, its memory in bytes and what of it is free now.
ct_status ct_cuda_describe(int32_t index, char *name, size_t capacity, uint64_t *total, uint64_t *free);
/// Whether float32 convolutions may round their inputs to TF32; products never do, for the whole process.
ct_status ct_set_tf32(bool allowed);

/// Memory of the host that a GPU copies to and from without waiting; ordinary memory where there is no GPU.
ct_status ct_empty_pinned(ct_ints shape, ct_dtype dtype, ct_tensor **out);
/// On another device without waiting for what its stream was given before; shares the storage on the same one.
ct_status ct_send(const ct_tensor *tensor, ct_device device, ct_tensor **out);
/// ct_copy that does not wait where the host's side is pinned.
ct_status ct_copy_async(ct_tensor *target, const ct_tensor *source);

typedef struct ct_stream ct_stream;
typedef struct ct_event ct_event;

/// A stream of a GPU's own pool, freed with ct_stream_free.
ct_status ct_stream_make(ct_device device, ct_stream **out);
void ct_stream_free(ct_stream *stream);
/// Makes it the calling thread's stream, and its device the current one. `previous` may be NULL; else it receives the
/// stream there was.
ct_status ct_stream_enter(const ct_stream *stream, ct_stream **previous);
/// The host waits until all that the stream was given is done.
ct_status ct_stream_synchronize(const ct_stream *stream);
/// An event at the end of what the calling thread's stream of `device` has been given so far.
ct_status ct_event_record(ct_device device, ct_event **out);
void ct_event_free(ct_event *event);
/// Whether all before the event is done.
ct_status ct_event_query(const ct_event *event, bool *done);
/// The calling thread's stream of the event's device goes on only after the event; the host does not wait.
ct_status ct_event_await(ct_event *event);

typedef struct ct_graph ct_graph;

/// From here on the calling thread's stream, which must not be the default one, records instead of computing, until
/// ct_graph_end. `memory_of` may be NULL, else a graph whose memory is shared: the two are never replayed at once.
ct_status ct_graph_begin(const ct_graph *memory_of, ct_graph **out);
/// Ends the recording, also one that failed in between.
ct_status ct_graph_end(ct_graph *graph);
ct_status ct_graph_replay(ct_graph *graph);
void ct_graph_free(ct_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
