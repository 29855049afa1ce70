#include "boundary.hpp"

using ctorch::making;

ct_status ct_contiguous(const ct_tensor *tensor, ct_tensor **out) {
  return making(out, [&] { return tensor->value.contiguous(); });
}

ct_status ct_reshape(const ct_tensor *tensor, ct_ints shape, ct_tensor **out) {
  return making(out, [&] { return tensor->value.reshape(ctorch::ints(shape)); });
}

ct_status ct_transpose(const ct_tensor *tensor, int64_t first, int64_t second, ct_tensor **out) {
  return making(out, [&] { return tensor->value.transpose(first, second); });
}

ct_status ct_narrow(const ct_tensor *tensor, int64_t dim, int64_t start, int64_t length, ct_tensor **out) {
  return making(out, [&] { return tensor->value.narrow(dim, start, length); });
}

ct_status ct_unsqueeze(const ct_tensor *tensor, int64_t dim, ct_tensor **out) {
  return making(out, [&] { return tensor->value.unsqueeze(dim); });
}

ct_status ct_squeeze(const ct_tensor *tensor, int64_t dim, ct_tensor **out) {
  return making(out, [&] { return tensor->value.squeeze(dim); });
}

ct_status ct_cat(const ct_tensor *const *tensors, size_t count, int64_t dim, ct_tensor **out) {
  return making(out, [&] {
    std::vector<at::Tensor> parts;
    parts.reserve(count);
    for (size_t i = 0; i < count; ++i) parts.push_back(tensors[i]->value);
    return at::cat(parts, dim);
  });
}

ct_status ct_index_select(const ct_tensor *tensor, int64_t dim, const ct_tensor *indices, ct_tensor **out) {
  return making(out, [&] { return at::index_select(tensor->value, dim, indices->value); });
}
