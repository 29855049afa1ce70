// The handle type, and the only place where C++ exceptions become status codes.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <new>
#include <stdexcept>
#include <string>

#include "ctorch.h"

struct ct_tensor {
  at::Tensor value;
};

namespace ctorch {

/// An error that this library's own checks throw.
struct ArgumentError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

ct_status fail(ct_status status, const char *message) noexcept;

/// Runs `body` without gradients and converts every exception into a status.
template <class Body>
ct_status guarded(Body body) noexcept {
  try {
    c10::InferenceMode inference;
    body();
    return CT_OK;
  } catch (const ArgumentError &error) {
    return fail(CT_ERROR_ARGUMENT, error.what());
  } catch (const c10::OutOfMemoryError &error) {
    return fail(CT_ERROR_MEMORY, error.what_without_backtrace());
  } catch (const c10::Error &error) {
    return fail(CT_ERROR_TORCH, error.what_without_backtrace());
  } catch (const std::bad_alloc &) {
    return fail(CT_ERROR_MEMORY, "out of memory");
  } catch (const std::exception &error) {
    return fail(CT_ERROR_STANDARD, error.what());
  } catch (...) {
    return fail(CT_ERROR_UNKNOWN, "an exception of unknown type");
  }
}

/// The same for a body that creates one tensor.
template <class Body>
ct_status making(ct_tensor **out, Body body) noexcept {
  return guarded([&] { *out = new ct_tensor{body()}; });
}

inline at::IntArrayRef ints(ct_ints list) { return {list.values, list.count}; }

inline c10::optional<at::Tensor> optional(const ct_tensor *tensor) {
  if (tensor == nullptr) return c10::nullopt;
  return tensor->value;
}

at::ScalarType scalar_type(ct_dtype dtype);
ct_dtype dtype_of(at::ScalarType type) noexcept;
at::Device device_of(ct_device device);

// Each file of this library adds its functions to the table.
void add_boundary(ct_api &api);
void add_cuda(ct_api &api);
void add_decoding(ct_api &api);
void add_elementwise(ct_api &api);
void add_layers(ct_api &api);
void add_products(ct_api &api);
void add_runtime(ct_api &api);
void add_sampling(ct_api &api);
void add_shape(ct_api &api);
void add_signal(ct_api &api);
void add_streams(ct_api &api);
void add_tensor(ct_api &api);

}  // namespace ctorch
