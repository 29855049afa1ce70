#include "boundary.hpp"

namespace {
thread_local std::string last_error;
}

namespace ctorch {

void add_boundary(ct_api &api) {
  api.last_error = []() -> const char * { return last_error.c_str(); };
}

ct_status fail(ct_status status, const char *message) noexcept {
  try {
    // The first line is the error; the following lines are libtorch's own stack trace.
    const std::string text(message);
    last_error = text.substr(0, text.find('\n'));
  } catch (...) {
    last_error.clear();
  }
  return status;
}

at::ScalarType scalar_type(ct_dtype dtype) {
  switch (dtype) {
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT16: return at::kHalf;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_FLOAT64: return at::kDouble;
    case CT_INT64: return at::kLong;
    case CT_INT32: return at::kInt;
    case CT_INT8: return at::kChar;
    case CT_UINT8: return at::kByte;
    case CT_BOOL: return at::kBool;
    case CT_OTHER_DTYPE: break;
  }
  throw ArgumentError("unknown dtype");
}

ct_dtype dtype_of(at::ScalarType type) noexcept {
  switch (type) {
    case at::kFloat: return CT_FLOAT32;
    case at::kHalf: return CT_FLOAT16;
    case at::kBFloat16: return CT_BFLOAT16;
    case at::kDouble: return CT_FLOAT64;
    case at::kLong: return CT_INT64;
    case at::kInt: return CT_INT32;
    case at::kChar: return CT_INT8;
    case at::kByte: return CT_UINT8;
    case at::kBool: return CT_BOOL;
    default: return CT_OTHER_DTYPE;
  }
}

at::Device device_of(ct_device device) {
  switch (device.kind) {
    case CT_CPU: return at::Device(at::kCPU);
    case CT_CUDA:
      if (device.index < 0 || device.index > 127) throw ArgumentError("CUDA device index out of range");
      return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(device.index));
  }
  throw ArgumentError("unknown device");
}

}  // namespace ctorch
