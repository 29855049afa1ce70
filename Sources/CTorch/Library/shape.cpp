#include "boundary.hpp"

using ctorch::making;

void ctorch::add_shape(ct_api &api) {
  api.contiguous = [](const ct_tensor *tensor, ct_tensor **out) {
    return making(out, [&] { return tensor->value.contiguous(); });
  };
  api.reshape = [](const ct_tensor *tensor, ct_ints shape, ct_tensor **out) {
    return making(out, [&] { return tensor->value.reshape(ctorch::ints(shape)); });
  };
  api.transpose = [](const ct_tensor *tensor, int64_t first, int64_t second, ct_tensor **out) {
    return making(out, [&] { return tensor->value.transpose(first, second); });
  };
  api.narrow = [](const ct_tensor *tensor, int64_t dim, int64_t start, int64_t length, ct_tensor **out) {
    return making(out, [&] { return tensor->value.narrow(dim, start, length); });
  };
  api.unsqueeze = [](const ct_tensor *tensor, int64_t dim, ct_tensor **out) {
    return making(out, [&] { return tensor->value.unsqueeze(dim); });
  };
  api.squeeze = [](const ct_tensor *tensor, int64_t dim, ct_tensor **out) {
    return making(out, [&] { return tensor->value.squeeze(dim); });
  };
  api.cat = [](const ct_tensor *const *tensors, size_t count, int64_t dim, ct_tensor **out) {
    return making(out, [&] {
      std::vector<at::Tensor> parts;
      parts.reserve(count);
      for (size_t i = 0; i < count; ++i) parts.push_back(tensors[i]->value);
      return at::cat(parts, dim);
    });
  };
  api.index_select = [](const ct_tensor *tensor, int64_t dim, const ct_tensor *indices, ct_tensor **out) {
    return making(out, [&] { return at::index_select(tensor->value, dim, indices->value); });
  };
}
