#include <limits>

#include "boundary.hpp"

using ctorch::guarded;
using ctorch::making;

namespace {

/// The cache's keys (part 0) or values (part 1), a view [rows * heads, length, head size].
at::Tensor cached(const at::Tensor &cache, int64_t part, int64_t first_slot, int64_t rows, int64_t length) {
  const at::Tensor slots = cache.select(0, part).narrow(0, first_slot, rows);
  return slots.flatten(0, 1).narrow(1, 0, length);
}

}  // namespace

void ctorch::add_decoding(ct_api &api) {
  api.cache_write = [](ct_tensor *cache, const ct_tensor *fresh, int64_t first_slot, const ct_tensor *positions) {
    return guarded([&] {
      const at::Tensor source = fresh->value.unsqueeze(3);
      const at::Tensor index = positions->value.view({1, -1, 1, 1, 1}).expand_as(source);
      cache->value.narrow(1, first_slot, source.size(1)).scatter_(3, index, source);
    });
  };
  api.cache_fill = [](ct_tensor *cache, const ct_tensor *fresh, const ct_tensor *slots) {
    return guarded([&] {
      cache->value.narrow(3, 0, fresh->value.size(3)).index_copy_(1, slots->value, fresh->value);
    });
  };
  api.position_mask = [](const ct_tensor *positions, int64_t length, int64_t heads, ct_dtype dtype, ct_tensor **out) {
    return making(out, [&] {
      const at::Tensor &rows = positions->value;
      const at::Tensor later = at::arange(length, rows.options()).unsqueeze(0) > rows.unsqueeze(1);
      const at::Tensor mask = at::zeros(later.sizes(), rows.options().dtype(ctorch::scalar_type(dtype)))
                                  .masked_fill_(later, -std::numeric_limits<double>::infinity());
      return mask.unsqueeze(1).expand({-1, heads, -1}).reshape({rows.size(0) * heads, 1, length});
    });
  };
  api.cached_attention = [](
      const ct_tensor *queries, const ct_tensor *cache, int64_t first_slot, int64_t length, const ct_tensor *mask,
      double scale, ct_tensor **out) {
    return making(out, [&] {
      const at::Tensor &q = queries->value;
      if (q.dim() != 3 || cache->value.dim() != 5) throw ctorch::ArgumentError("queries or cache of another shape");
      const int64_t rows = q.size(0), heads = q.size(1), size = q.size(2);
      const at::Tensor keys = cached(cache->value, 0, first_slot, rows, length);
      const at::Tensor values = cached(cache->value, 1, first_slot, rows, length);
      const at::Tensor scores = at::baddbmm(
          mask->value, q.reshape({rows * heads, 1, size}), keys.transpose(1, 2), /*beta=*/1, /*alpha=*/scale);
      return at::bmm(at::softmax(scores, -1), values).view({rows, heads * size});
    });
  };
  api.affine_gelu = [](const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out) {
    return making(out, [&] {
      // The fused form uses the tanh approximation only on a GPU.
      if (a->value.is_cuda()) {
        return at::_addmm_activation(bias->value, a->value, b->value, /*beta=*/1, /*alpha=*/1, /*use_gelu=*/true);
      }
      at::Tensor product = at::addmm(bias->value, a->value, b->value);
      return at::gelu_(product, "tanh");
    });
  };
}
