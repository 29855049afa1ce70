/// libtorch behind plain C.
///
/// Ownership: a function with an out-parameter `ct_tensor **out` returns a new handle; the caller frees it with
/// `ct_tensor_free`. Arguments are only borrowed. Several handles may share one storage (views do).
/// Status: every function that can fail returns a `ct_status`; unless it is `CT_OK`, out-parameters are untouched and
/// `ct_last_error` has the message. No C++ exception leaves this library.
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

typedef enum {
  CT_OK = 0,
  CT_ERROR_TORCH = 1,     // libtorch refused (shapes, dtypes, devices)
  CT_ERROR_MEMORY = 2,    // out of host or device memory
  CT_ERROR_STANDARD = 3,  // another std::exception
  CT_ERROR_UNKNOWN = 4,   // an exception of another type
  CT_ERROR_ARGUMENT = 5,  // refused by this library before the call of libtorch
} ct_status;

/// The last failure of the calling thread: a NUL-terminated string, valid until the thread's next failing call.
const char *ct_last_error(void);

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

// Process (runtime.cpp)

/// The version of libtorch, "1.13.1". A static string.
const char *ct_version(void);
/// Path of the library that provides the BLAS function `sgemm_`, with symbolic links resolved; empty if none is
/// visible.
/// Writes at most `capacity` bytes, NUL included.
void ct_blas_path(char *path, size_t capacity);
/// Whether libtorch was built with Intel MKL. If so, MKL is its BLAS.
bool ct_has_mkl(void);
/// The number of threads for operators that the calling thread starts.
ct_status ct_set_thread_count(int32_t count);
int32_t ct_thread_count(void);
/// The number of CUDA devices that respond; 0 if libtorch has no CUDA, without a driver and on any failure.
int32_t ct_cuda_device_count(void);

// Tensors (tensor.cpp)

/// Frees one handle; NULL is allowed.
void ct_tensor_free(ct_tensor *tensor);
/// A tensor with uninitialised memory.
ct_status ct_empty(ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out);
ct_status ct_zeros(ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out);
/// A CPU tensor over memory of the caller; nothing is copied. `release(context)` is called once, on any thread, when
/// the last tensor over the memory is freed. It is not called if this call fails. The memory is only read, unless the
/// tensor is written to.
ct_status ct_from_blob(
    const void *data, ct_ints shape, ct_dtype dtype, void *context, void (*release)(void *context), ct_tensor **out);
/// A CPU tensor with a copy of `count` elements; `count` must equal the shape's element count.
ct_status ct_from_copy(const void *data, size_t count, ct_ints shape, ct_dtype dtype, ct_tensor **out);

int32_t ct_dim(const ct_tensor *tensor);
/// The size of a dimension, 0 <= dim < ct_dim; 0 for any other `dim`.
int64_t ct_size(const ct_tensor *tensor, int32_t dim);
int64_t ct_element_count(const ct_tensor *tensor);
ct_dtype ct_tensor_dtype(const ct_tensor *tensor);
ct_device ct_tensor_device(const ct_tensor *tensor);
bool ct_is_contiguous(const ct_tensor *tensor);
/// The first element of a contiguous CPU tensor; NULL for any other tensor. Valid while a handle to its storage exists.
void *ct_data(const ct_tensor *tensor);
/// Copies all elements, row-major, to the host as float32. `count` must be the element count.
ct_status ct_read_float(const ct_tensor *tensor, float *values, size_t count);
/// The same for int64.
ct_status ct_read_int64(const ct_tensor *tensor, int64_t *values, size_t count);
/// target[...] = source[...], converting dtype and device; shapes must be equal.
ct_status ct_copy(ct_tensor *target, const ct_tensor *source);
/// The result shares the storage if dtype and device are already the requested ones.
ct_status ct_to(const ct_tensor *tensor, ct_dtype dtype, ct_device device, ct_tensor **out);

// Shape (shape.cpp). The results are views, except those of contiguous, cat and index_select.

ct_status ct_contiguous(const ct_tensor *tensor, ct_tensor **out);
/// The result is a view where that is possible, else a copy. One size may be -1.
ct_status ct_reshape(const ct_tensor *tensor, ct_ints shape, ct_tensor **out);
ct_status ct_transpose(const ct_tensor *tensor, int64_t first, int64_t second, ct_tensor **out);
ct_status ct_narrow(const ct_tensor *tensor, int64_t dim, int64_t start, int64_t length, ct_tensor **out);
ct_status ct_unsqueeze(const ct_tensor *tensor, int64_t dim, ct_tensor **out);
ct_status ct_squeeze(const ct_tensor *tensor, int64_t dim, ct_tensor **out);
ct_status ct_cat(const ct_tensor *const *tensors, size_t count, int64_t dim, ct_tensor **out);
ct_status ct_index_select(const ct_tensor *tensor, int64_t dim, const ct_tensor *indices, ct_tensor **out);

// Elementwise operations with broadcasting (elementwise.cpp)

typedef enum {
  CT_RELU, CT_SIGMOID, CT_TANH, CT_GELU, CT_GELU_TANH, CT_LOG, CT_SQRT, CT_SQUARE, CT_ABS,
} ct_unary_op;
typedef enum { CT_ADD, CT_SUB, CT_MUL, CT_DIV } ct_binary_op;

ct_status ct_unary(ct_unary_op op, const ct_tensor *x, ct_tensor **out);
/// Writes the result to `x`.
ct_status ct_unary_in_place(ct_unary_op op, ct_tensor *x);
ct_status ct_binary(ct_binary_op op, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
/// a = a op b
ct_status ct_binary_in_place(ct_binary_op op, ct_tensor *a, const ct_tensor *b);
ct_status ct_binary_scalar(ct_binary_op op, const ct_tensor *a, double b, ct_tensor **out);
ct_status ct_binary_scalar_in_place(ct_binary_op op, ct_tensor *a, double b);
ct_status ct_leaky_relu(const ct_tensor *x, double slope, ct_tensor **out);
ct_status ct_leaky_relu_in_place(ct_tensor *x, double slope);
/// Elementwise maximum of `x` and `low`.
ct_status ct_clamp_min(const ct_tensor *x, double low, ct_tensor **out);

// Reductions and products (products.cpp)

ct_status ct_sum(const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out);
ct_status ct_mean(const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out);
/// The Euclidean norm over several dimensions, which are kept with size 1.
ct_status ct_norm(const ct_tensor *x, ct_ints dims, ct_tensor **out);
ct_status ct_argmax(const ct_tensor *x, int64_t dim, ct_tensor **out);
ct_status ct_softmax(const ct_tensor *x, int64_t dim, ct_tensor **out);
ct_status ct_matmul(const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
/// bias + a b for matrices.
ct_status ct_addmm(const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out);
/// x weightᵀ + bias; `bias` may be NULL.
ct_status ct_linear(const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, ct_tensor **out);
/// softmax(q kᵀ scale + mask) v over the last two dimensions; `mask` (added, broadcast) may be NULL.
ct_status ct_attention(
    const ct_tensor *q, const ct_tensor *k, const ct_tensor *v, const ct_tensor *mask, double scale, ct_tensor **out);

// Layers (layers.cpp); weight and bias may be NULL where noted

ct_status ct_layer_norm(
    const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out);
ct_status ct_group_norm(
    const ct_tensor *x, int64_t groups, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out);
/// The inference form, with running statistics.
ct_status ct_batch_norm(
    const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, const ct_tensor *mean,
    const ct_tensor *variance, double eps, ct_tensor **out);
/// Normalises over the last dimension, without weights.
ct_status ct_instance_norm(const ct_tensor *x, double eps, ct_tensor **out);
/// `bias` may be NULL.
ct_status ct_conv1d(
    const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
    int64_t dilation, ct_tensor **out);
/// The same stride and padding on both axes; `bias` may be NULL.
ct_status ct_conv2d(
    const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
    ct_tensor **out);
/// `bias` may be NULL.
ct_status ct_conv_transpose1d(
    const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
    ct_tensor **out);

// Signals (signal.cpp)

/// Appends zeros at both ends of the last dimension.
ct_status ct_pad_zeros(const ct_tensor *x, int64_t before, int64_t after, ct_tensor **out);
/// Mirrors both ends of the last dimension without repeating the edge; x is [channels, n] or [batch, channels, n].
ct_status ct_pad_reflect(const ct_tensor *x, int64_t before, int64_t after, ct_tensor **out);
/// The squared magnitude of the short-time Fourier transform of x [batch, n], centred with reflection: [batch, fft_size
/// / 2 + 1, 1 + n / hop]. `window` has `window_size` values, at most `fft_size`.
ct_status ct_power_spectrogram(
    const ct_tensor *x, int64_t fft_size, int64_t hop, int64_t window_size, const ct_tensor *window, ct_tensor **out);
typedef enum { CT_HANN, CT_HAMMING } ct_window_kind;
/// A periodic window, float32, on the CPU.
ct_status ct_window(ct_window_kind kind, int64_t size, ct_tensor **out);

#ifdef __cplusplus
}
#endif
#endif
