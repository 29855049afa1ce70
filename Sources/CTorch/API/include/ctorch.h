/// libtorch behind plain C: one table of functions, which the shared library of this package exports through
/// `ct_library`. The program loads that library at run time and does not link libtorch.
///
/// Ownership: a function with an out-parameter `ct_tensor **out` returns a new handle; the caller frees it with
/// `tensor_free`. Arguments are only borrowed. Several handles may share one storage (views do).
/// Status: every function that can fail returns a `ct_status`; unless it is `CT_OK`, out-parameters are untouched and
/// `last_error` has the message. No C++ exception leaves the library.
/// Gradients are never recorded.
#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor ct_tensor;
typedef struct ct_stream ct_stream;
typedef struct ct_event ct_event;
typedef struct ct_graph ct_graph;

typedef enum {
  CT_OK = 0,
  CT_ERROR_TORCH = 1,     // libtorch refused (shapes, dtypes, devices)
  CT_ERROR_MEMORY = 2,    // out of host or device memory
  CT_ERROR_STANDARD = 3,  // another std::exception
  CT_ERROR_UNKNOWN = 4,   // an exception of another type
  CT_ERROR_ARGUMENT = 5,  // refused by this library before the call of libtorch
} ct_status;

typedef enum {
  CT_FLOAT32 = 0,
  CT_FLOAT16 = 1,
  CT_BFLOAT16 = 2,
  CT_FLOAT64 = 3,
  CT_INT64 = 4,
  CT_INT32 = 5,
  CT_INT8 = 6,
  CT_UINT8 = 7,
  CT_BOOL = 8,
  CT_OTHER_DTYPE = 99,
} ct_dtype;

typedef enum { CT_CPU = 0, CT_CUDA = 1 } ct_device_kind;

typedef struct {
  ct_device_kind kind;
  int32_t index;  // number of the GPU; 0 for the CPU
} ct_device;

/// A list of sizes, strides or paddings; borrowed for the call.
typedef struct {
  const int64_t *values;
  size_t count;
} ct_ints;

typedef enum {
  CT_RELU, CT_SIGMOID, CT_TANH, CT_GELU, CT_GELU_TANH, CT_LOG, CT_SQRT, CT_SQUARE, CT_ABS,
} ct_unary_op;

typedef enum { CT_ADD, CT_SUB, CT_MUL, CT_DIV } ct_binary_op;

typedef enum { CT_HANN, CT_HAMMING } ct_window_kind;

/// The columns of the controls of draw_codes, float64; each row has its own values.
typedef enum {
  CT_DRAW_PENALTY,      // repetition penalty: divides the scores of used codes, multiplies negative ones; 1 is off
  CT_DRAW_TEMPERATURE,  // divides all scores
  CT_DRAW_TOP_K,        // number of codes that are kept, plus equals of the last one; from 1 to all codes
  CT_DRAW_DROPPED,      // the least likely codes with at most this total share are removed; negative is off
  CT_DRAW_UNIFORM,      // the random number of the draw, from 0 to below 1
  CT_DRAW_GREEDY,       // not 0: the code with the best score after the penalty is taken
  CT_DRAW_SUPPRESSED,   // a code whose score becomes -1e9; -1 for none
  CT_DRAW_COLUMNS,
} ct_draw_column;

/// The functions of the library.
typedef struct {
  /// `sizeof(ct_api)` when the library was built. It differs if the library belongs to another build.
  size_t table_size;

  /// The last failure of the calling thread: a NUL-terminated string, valid until the thread's next failing call.
  const char *(*last_error)(void);

  // Process (runtime.cpp)

  /// The version of libtorch, "1.13.1". A static string.
  const char *(*version)(void);
  /// Path of the library that provides the BLAS function `sgemm_`, with symbolic links resolved; empty if none is
  /// visible. Writes at most `capacity` bytes, NUL included.
  void (*blas_path)(char *path, size_t capacity);
  /// Whether libtorch was built with Intel MKL. If so, MKL is its BLAS.
  bool (*has_mkl)(void);
  /// The number of threads for operators that the calling thread starts.
  ct_status (*set_thread_count)(int32_t count);

  // Tensors (tensor.cpp)

  /// Frees one handle; NULL is allowed.
  void (*tensor_free)(ct_tensor *tensor);
  /// A tensor with uninitialised memory.
  ct_status (*empty)(ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out);
  ct_status (*zeros)(ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out);
  /// A CPU tensor over memory of the caller; nothing is copied. `release(context)` is called once, on any thread, when
  /// the last tensor over the memory is freed. It is not called if this call fails. The memory is only read, unless the
  /// tensor is written to.
  ct_status (*from_blob)(
      const void *data, ct_ints shape, ct_dtype dtype, void *context, void (*release)(void *context), ct_tensor **out);
  /// A CPU tensor with a copy of `count` elements; `count` must equal the shape's element count.
  ct_status (*from_copy)(const void *data, size_t count, ct_ints shape, ct_dtype dtype, ct_tensor **out);

  int32_t (*dim)(const ct_tensor *tensor);
  /// The size of a dimension, from 0 up to the result of `dim`; 0 for any other `dim`.
  int64_t (*size)(const ct_tensor *tensor, int32_t dim);
  int64_t (*element_count)(const ct_tensor *tensor);
  ct_dtype (*tensor_dtype)(const ct_tensor *tensor);
  ct_device (*tensor_device)(const ct_tensor *tensor);
  /// The first element of a contiguous CPU tensor; NULL for any other tensor. Valid while a handle to its storage
  /// exists.
  void *(*data)(const ct_tensor *tensor);
  /// Copies all elements, row-major, to the host as float32. `count` must be the element count.
  ct_status (*read_float)(const ct_tensor *tensor, float *values, size_t count);
  /// target[...] = source[...], converting dtype and device; shapes must be equal.
  ct_status (*copy)(ct_tensor *target, const ct_tensor *source);
  /// The result shares the storage if dtype and device are already the requested ones.
  ct_status (*to)(const ct_tensor *tensor, ct_dtype dtype, ct_device device, ct_tensor **out);

  // Shape (shape.cpp). The results are views, except those of contiguous, cat and index_select.

  ct_status (*contiguous)(const ct_tensor *tensor, ct_tensor **out);
  /// The result is a view where that is possible, else a copy. One size may be -1.
  ct_status (*reshape)(const ct_tensor *tensor, ct_ints shape, ct_tensor **out);
  ct_status (*transpose)(const ct_tensor *tensor, int64_t first, int64_t second, ct_tensor **out);
  ct_status (*narrow)(const ct_tensor *tensor, int64_t dim, int64_t start, int64_t length, ct_tensor **out);
  ct_status (*unsqueeze)(const ct_tensor *tensor, int64_t dim, ct_tensor **out);
  ct_status (*squeeze)(const ct_tensor *tensor, int64_t dim, ct_tensor **out);
  ct_status (*cat)(const ct_tensor *const *tensors, size_t count, int64_t dim, ct_tensor **out);
  ct_status (*index_select)(const ct_tensor *tensor, int64_t dim, const ct_tensor *indices, ct_tensor **out);

  // Elementwise operations with broadcasting (elementwise.cpp)

  ct_status (*unary)(ct_unary_op op, const ct_tensor *x, ct_tensor **out);
  /// Writes the result to `x`.
  ct_status (*unary_in_place)(ct_unary_op op, ct_tensor *x);
  ct_status (*binary)(ct_binary_op op, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
  /// a = a op b
  ct_status (*binary_in_place)(ct_binary_op op, ct_tensor *a, const ct_tensor *b);
  ct_status (*binary_scalar)(ct_binary_op op, const ct_tensor *a, double b, ct_tensor **out);
  ct_status (*binary_scalar_in_place)(ct_binary_op op, ct_tensor *a, double b);
  ct_status (*leaky_relu)(const ct_tensor *x, double slope, ct_tensor **out);
  ct_status (*leaky_relu_in_place)(ct_tensor *x, double slope);
  /// Elementwise maximum of `x` and `low`.
  ct_status (*clamp_min)(const ct_tensor *x, double low, ct_tensor **out);

  // Reductions and products (products.cpp)

  ct_status (*sum)(const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out);
  ct_status (*mean)(const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out);
  /// The Euclidean norm over several dimensions, which are kept with size 1.
  ct_status (*norm)(const ct_tensor *x, ct_ints dims, ct_tensor **out);
  ct_status (*softmax)(const ct_tensor *x, int64_t dim, ct_tensor **out);
  ct_status (*matmul)(const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
  /// bias + a b for matrices.
  ct_status (*addmm)(const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
  /// x weightᵀ + bias; `bias` may be NULL.
  ct_status (*linear)(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, ct_tensor **out);
  /// softmax(q kᵀ scale + mask) v over the last two dimensions; `mask` (added, broadcast) may be NULL.
  ct_status (*attention)(
      const ct_tensor *q, const ct_tensor *k, const ct_tensor *v, const ct_tensor *mask, double scale, ct_tensor **out);

  // Layers (layers.cpp); weight and bias may be NULL where noted

  ct_status (*layer_norm)(
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out);
  ct_status (*group_norm)(
      const ct_tensor *x, int64_t groups, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out);
  /// The inference form, with running statistics.
  ct_status (*batch_norm)(
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, const ct_tensor *mean,
      const ct_tensor *variance, double eps, ct_tensor **out);
  /// Normalises over the last dimension, without weights.
  ct_status (*instance_norm)(const ct_tensor *x, double eps, ct_tensor **out);
  /// `bias` may be NULL.
  ct_status (*conv1d)(
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      int64_t dilation, ct_tensor **out);
  /// The same stride and padding on both axes; `bias` may be NULL.
  ct_status (*conv2d)(
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      ct_tensor **out);
  /// `bias` may be NULL.
  ct_status (*conv_transpose1d)(
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      ct_tensor **out);

  // Signals (signal.cpp)

  /// Mirrors both ends of the last dimension without repeating the edge; x is [channels, n] or [batch, channels, n].
  ct_status (*pad_reflect)(const ct_tensor *x, int64_t before, int64_t after, ct_tensor **out);
  /// The squared magnitude of the short-time Fourier transform of x [batch, n], centred with reflection: [batch,
  /// fft_size / 2 + 1, 1 + n / hop]. `window` has `window_size` values, at most `fft_size`.
  ct_status (*power_spectrogram)(
      const ct_tensor *x, int64_t fft_size, int64_t hop, int64_t window_size, const ct_tensor *window, ct_tensor **out);
  /// A periodic window, float32, on the CPU.
  ct_status (*window)(ct_window_kind kind, int64_t size, ct_tensor **out);

  // Decoding: steps that combine several operators (decoding.cpp, sampling.cpp). No function waits for the device, so
  // all of them can be recorded in a graph.

  /// cache[:, first_slot + b, :, positions[b], :] = fresh[:, b], with cache [2, slots, heads, positions, head size],
  /// fresh [2, rows, heads, head size], positions [rows] int64.
  ct_status (*cache_write)(
      ct_tensor *cache, const ct_tensor *fresh, int64_t first_slot, const ct_tensor *positions);
  /// cache[:, slots[p], :, :n, :] = fresh[:, p], with fresh [2, prompts, heads, n, head size] and slots [prompts]
  /// int64, which must all be different.
  ct_status (*cache_fill)(ct_tensor *cache, const ct_tensor *fresh, const ct_tensor *slots);
  /// The attention mask of each row: 0 at and before its position, minus infinity after it; [rows * heads, 1, length].
  ct_status (*position_mask)(
      const ct_tensor *positions, int64_t length, int64_t heads, ct_dtype dtype, ct_tensor **out);
  /// Attention of one query per row over the first `length` positions of its slot: queries [rows, heads, head size],
  /// mask from position_mask; the result is [rows, heads * head size].
  ct_status (*cached_attention)(
      const ct_tensor *queries, const ct_tensor *cache, int64_t first_slot, int64_t length, const ct_tensor *mask,
      double scale, ct_tensor **out);
  /// gelu(bias + a b) with GPT-2's tanh approximation; one kernel on a GPU.
  ct_status (*affine_gelu)(const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);

  /// The next code of each row: logits [rows, codes] float32, used [rows, codes] bool, controls [rows,
  /// CT_DRAW_COLUMNS]. The result is [rows, 1] float32, with -1 where a logit is not finite.
  ct_status (*draw_codes)(
      const ct_tensor *logits, const ct_tensor *used, const ct_tensor *controls, ct_tensor **out);
  /// target[r, columns[r]] = true, with columns [rows, 1] int64.
  ct_status (*mark)(ct_tensor *target, const ct_tensor *columns);

  // GPUs (cuda.cpp, streams.cpp). In a build without CUDA headers, the functions that need them fail with a message
  // that says so.

  /// Whether this library was built with CUDA headers and linked with a libtorch with CUDA. It does not call the
  /// driver.
  bool (*cuda_is_built)(void);
  /// The number of CUDA devices that respond. Without one it fails with the driver's reason.
  ct_status (*cuda_probe)(int32_t *count);
  /// The name of a device, truncated to `capacity` bytes including its NUL, its total memory and its free memory in
  /// bytes.
  ct_status (*cuda_describe)(int32_t index, char *name, size_t capacity, uint64_t *total, uint64_t *free);
  /// Whether float32 convolutions may round their inputs to TF32. Matrix products never do. Applies to the whole
  /// process.
  ct_status (*set_tf32)(bool allowed);

  /// Pinned host memory, which a GPU copies without blocking the caller; ordinary memory where there is no GPU.
  ct_status (*empty_pinned)(ct_ints shape, ct_dtype dtype, ct_tensor **out);
  /// Copies to another device without waiting for earlier work of its stream. On the same device the storage is shared.
  ct_status (*send)(const ct_tensor *tensor, ct_device device, ct_tensor **out);
  /// Like copy, but does not wait if the host's memory is pinned.
  ct_status (*copy_async)(ct_tensor *target, const ct_tensor *source);

  /// A stream from the GPU's pool, freed with stream_free.
  ct_status (*stream_make)(ct_device device, ct_stream **out);
  void (*stream_free)(ct_stream *stream);
  /// Makes it the calling thread's stream, and its device the current one. `previous` may be NULL; otherwise it
  /// receives the stream that was current before.
  ct_status (*stream_enter)(const ct_stream *stream, ct_stream **previous);
  /// Blocks until all work of the stream is done.
  ct_status (*stream_synchronize)(const ct_stream *stream);
  /// An event after all work that the calling thread's stream of `device` has received so far.
  ct_status (*event_record)(ct_device device, ct_event **out);
  void (*event_free)(ct_event *event);
  /// Whether all work before the event is done.
  ct_status (*event_query)(const ct_event *event, bool *done);
  /// Makes later work of the calling thread's stream on the event's device wait for the event; the host does not wait.
  ct_status (*event_await)(ct_event *event);

  /// Until graph_end, the calling thread's stream records its work instead of running it. It must not be the default
  /// stream. `memory_of` may be NULL; otherwise it is a graph whose memory the new graph shares, and the two must never
  /// be replayed at the same time.
  ct_status (*graph_begin)(const ct_graph *memory_of, ct_graph **out);
  /// Ends the recording, also after a failure during it.
  ct_status (*graph_end)(ct_graph *graph);
  ct_status (*graph_replay)(ct_graph *graph);
  void (*graph_free)(ct_graph *graph);
} ct_api;

/// The library's table, valid until the process ends; NULL if the library did not fill it.
const ct_api *ct_library(void);
/// The type and the name of `ct_library`, for `dlsym`.
typedef const ct_api *(*ct_library_function)(void);
#define CT_LIBRARY_FUNCTION "ct_library"

#ifdef __cplusplus
}
#endif
#endif
