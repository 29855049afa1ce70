#include "boundary.hpp"

using ctorch::making;

void ctorch::add_products(ct_api &api) {
  api.sum = [](const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out) {
    return making(out, [&] { return at::sum(x->value, dim, keep); });
  };
  api.mean = [](const ct_tensor *x, int64_t dim, bool keep, ct_tensor **out) {
    return making(out, [&] { return at::mean(x->value, dim, keep); });
  };
  api.norm = [](const ct_tensor *x, ct_ints dims, ct_tensor **out) {
    return making(out, [&] { return at::norm(x->value, at::Scalar(2), ctorch::ints(dims), /*keepdim=*/true); });
  };
  api.softmax = [](const ct_tensor *x, int64_t dim, ct_tensor **out) {
    return making(out, [&] { return at::softmax(x->value, dim); });
  };
  api.matmul = [](const ct_tensor *a, const ct_tensor *b, ct_tensor **out) {
    return making(out, [&] { return at::matmul(a->value, b->value); });
  };
  api.addmm = [](const ct_tensor *bias, const ct_tensor *a, const ct_tensor *b, ct_tensor **out) {
    return making(out, [&] { return at::addmm(bias->value, a->value, b->value); });
  };
  api.linear = [](const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, ct_tensor **out) {
    return making(out, [&] { return at::linear(x->value, weight->value, ctorch::optional(bias)); });
  };
  api.attention = [](
      const ct_tensor *q, const ct_tensor *k, const ct_tensor *v, const ct_tensor *mask, double scale,
      ct_tensor **out) {
    return making(out, [&] {
      // The scale is applied to the queries, because they are smaller than the scores.
      at::Tensor scores = at::matmul(q->value * scale, k->value.transpose(-2, -1));
      if (mask != nullptr) scores.add_(mask->value);
      return at::matmul(at::softmax(scores, -1), v->value);
    });
  };
}
