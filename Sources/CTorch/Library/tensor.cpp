#include <cstring>

#include "boundary.hpp"

using ctorch::guarded;
using ctorch::ints;
using ctorch::making;

namespace {

int64_t element_count(ct_ints shape) {
  int64_t count = 1;
  for (size_t i = 0; i < shape.count; ++i) {
    if (shape.values[i] < 0 || __builtin_mul_overflow(count, shape.values[i], &count)) {
      throw ctorch::ArgumentError("a shape has a negative size or too many elements");
    }
  }
  return count;
}

at::TensorOptions options(ct_dtype dtype, ct_device device) {
  return at::TensorOptions().dtype(ctorch::scalar_type(dtype)).device(ctorch::device_of(device));
}

}  // namespace

void ctorch::add_tensor(ct_api &api) {
  api.tensor_free = [](ct_tensor *tensor) { delete tensor; };
  api.empty = [](ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out) {
    return making(out, [&] { return at::empty(ints(shape), options(dtype, device)); });
  };
  api.zeros = [](ct_ints shape, ct_dtype dtype, ct_device device, ct_tensor **out) {
    return making(out, [&] { return at::zeros(ints(shape), options(dtype, device)); });
  };
  api.from_blob = [](
      const void *data, ct_ints shape, ct_dtype dtype, void *context, void (*release)(void *context), ct_tensor **out) {
    return guarded([&] {
      element_count(shape);
      const ct_device cpu{CT_CPU, 0};
      auto made = std::make_unique<ct_tensor>();
      // The deleter is enabled only after the last step that can fail: a failed call must not release the caller's
      // memory.
      auto armed = std::make_shared<bool>(false);
      auto deleter = [context, release, armed](void *) {
        if (*armed && release != nullptr) release(context);
      };
      made->value = at::from_blob(const_cast<void *>(data), ints(shape), deleter, options(dtype, cpu));
      *armed = true;
      *out = made.release();
    });
  };
  api.from_copy = [](const void *data, size_t count, ct_ints shape, ct_dtype dtype, ct_tensor **out) {
    return making(out, [&] {
      if (static_cast<size_t>(element_count(shape)) != count) {
        throw ctorch::ArgumentError("the values are not as many as the shape needs");
      }
      at::Tensor tensor = at::empty(ints(shape), options(dtype, ct_device{CT_CPU, 0}));
      if (count > 0) std::memcpy(tensor.data_ptr(), data, tensor.nbytes());
      return tensor;
    });
  };
  api.dim = [](const ct_tensor *tensor) -> int32_t { return static_cast<int32_t>(tensor->value.dim()); };
  api.size = [](const ct_tensor *tensor, int32_t dim) -> int64_t {
    return dim >= 0 && dim < tensor->value.dim() ? tensor->value.sizes()[dim] : 0;
  };
  api.element_count = [](const ct_tensor *tensor) -> int64_t { return tensor->value.numel(); };
  api.tensor_dtype = [](const ct_tensor *tensor) -> ct_dtype { return ctorch::dtype_of(tensor->value.scalar_type()); };
  api.tensor_device = [](const ct_tensor *tensor) -> ct_device {
    const at::Device device = tensor->value.device();
    if (device.is_cuda()) return ct_device{CT_CUDA, device.index()};
    return ct_device{CT_CPU, 0};
  };
  api.data = [](const ct_tensor *tensor) -> void * {
    if (!tensor->value.device().is_cpu() || !tensor->value.is_contiguous()) return nullptr;
    return tensor->value.data_ptr();
  };
  api.read_float = [](const ct_tensor *tensor, float *values, size_t count) {
    return guarded([&] {
      if (static_cast<size_t>(tensor->value.numel()) != count) {
        throw ctorch::ArgumentError("the buffer has another size than the tensor");
      }
      const at::Tensor host = tensor->value.to(at::kCPU, at::kFloat).contiguous();
      if (count > 0) std::memcpy(values, host.data_ptr(), count * sizeof(float));
    });
  };
  api.copy = [](ct_tensor *target, const ct_tensor *source) {
    return guarded([&] {
      if (target->value.sizes() != source->value.sizes()) throw ctorch::ArgumentError("copy between unequal shapes");
      target->value.copy_(source->value);
    });
  };
  api.to = [](const ct_tensor *tensor, ct_dtype dtype, ct_device device, ct_tensor **out) {
    return making(out, [&] {
      return tensor->value.to(ctorch::device_of(device), ctorch::scalar_type(dtype), /*non_blocking=*/false);
    });
  };
}
