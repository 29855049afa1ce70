/// Functions for GPUs. The rules of ctorch.h apply. In a build without CUDA headers, the functions that need them fail
/// with a message that says so.
#ifndef CTORCH_DEVICE_H
#define CTORCH_DEVICE_H

#include "ctorch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Whether this library was built with CUDA headers and linked with a libtorch with CUDA. It does not call the driver.
bool ct_cuda_is_built(void);
/// The number of CUDA devices that respond. Without one it fails with the driver's reason.
ct_status ct_cuda_probe(int32_t *count);
/// The name of a device, truncated to `capacity` bytes including its NUL, its total memory and its free memory in
/// bytes.
ct_status ct_cuda_describe(int32_t index, char *name, size_t capacity, uint64_t *total, uint64_t *free);
/// Whether float32 convolutions may round their inputs to TF32. Matrix products never do. Applies to the whole process.
ct_status ct_set_tf32(bool allowed);

/// Pinned host memory, which a GPU copies without blocking the caller; ordinary memory where there is no GPU.
ct_status ct_empty_pinned(ct_ints shape, ct_dtype dtype, ct_tensor **out);
/// Copies to another device without waiting for earlier work of its stream. On the same device the storage is shared.
ct_status ct_send(const ct_tensor *tensor, ct_device device, ct_tensor **out);
/// Like ct_copy, but does not wait if the host's memory is pinned.
ct_status ct_copy_async(ct_tensor *target, const ct_tensor *source);

typedef struct ct_stream ct_stream;
typedef struct ct_event ct_event;

/// A stream from the GPU's pool, freed with ct_stream_free.
ct_status ct_stream_make(ct_device device, ct_stream **out);
void ct_stream_free(ct_stream *stream);
/// Makes it the calling thread's stream, and its device the current one. `previous` may be NULL; otherwise it receives
/// the stream that was current before.
ct_status ct_stream_enter(const ct_stream *stream, ct_stream **previous);
/// Blocks until all work of the stream is done.
ct_status ct_stream_synchronize(const ct_stream *stream);
/// An event after all work that the calling thread's stream of `device` has received so far.
ct_status ct_event_record(ct_device device, ct_event **out);
void ct_event_free(ct_event *event);
/// Whether all work before the event is done.
ct_status ct_event_query(const ct_event *event, bool *done);
/// Makes later work of the calling thread's stream on the event's device wait for the event; the host does not wait.
ct_status ct_event_await(ct_event *event);

typedef struct ct_graph ct_graph;

/// Until ct_graph_end, the calling thread's stream records its work instead of running it. It must not be the default
/// stream. `memory_of` may be NULL; otherwise it is a graph whose memory the new graph shares, and the two must never
/// be replayed at the same time.
ct_status ct_graph_begin(const ct_graph *memory_of, ct_graph **out);
/// Ends the recording, also after a failure during it.
ct_status ct_graph_end(ct_graph *graph);
ct_status ct_graph_replay(ct_graph *graph);
void ct_graph_free(ct_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
