#include "boundary.hpp"

using ctorch::making;
using ctorch::optional;

void ctorch::add_layers(ct_api &api) {
  api.layer_norm = [](
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out) {
    return making(out, [&] {
      return at::layer_norm(x->value, weight->value.sizes(), weight->value, optional(bias), eps);
    });
  };
  api.group_norm = [](
      const ct_tensor *x, int64_t groups, const ct_tensor *weight, const ct_tensor *bias, double eps, ct_tensor **out) {
    return making(out, [&] { return at::group_norm(x->value, groups, optional(weight), optional(bias), eps); });
  };
  api.batch_norm = [](
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, const ct_tensor *mean,
      const ct_tensor *variance, double eps, ct_tensor **out) {
    return making(out, [&] {
      return at::batch_norm(
          x->value, weight->value, bias->value, mean->value, variance->value, /*training=*/false, /*momentum=*/0, eps,
          /*cudnn_enabled=*/true);
    });
  };
  api.instance_norm = [](const ct_tensor *x, double eps, ct_tensor **out) {
    return making(out, [&] {
      return at::instance_norm(
          x->value, c10::nullopt, c10::nullopt, c10::nullopt, c10::nullopt, /*use_input_stats=*/true, /*momentum=*/0,
          eps, /*cudnn_enabled=*/true);
    });
  };
  api.conv1d = [](
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      int64_t dilation, ct_tensor **out) {
    return making(out, [&] {
      const int64_t strides[] = {stride}, paddings[] = {padding}, dilations[] = {dilation};
      return at::conv1d(
          x->value, weight->value, optional(bias), at::IntArrayRef(strides), at::IntArrayRef(paddings),
          at::IntArrayRef(dilations));
    });
  };
  api.conv2d = [](
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      ct_tensor **out) {
    return making(out, [&] {
      const int64_t strides[] = {stride, stride}, paddings[] = {padding, padding};
      return at::conv2d(
          x->value, weight->value, optional(bias), at::IntArrayRef(strides), at::IntArrayRef(paddings));
    });
  };
  api.conv_transpose1d = [](
      const ct_tensor *x, const ct_tensor *weight, const ct_tensor *bias, int64_t stride, int64_t padding,
      ct_tensor **out) {
    return making(out, [&] {
      const int64_t strides[] = {stride}, paddings[] = {padding};
      return at::conv_transpose1d(
          x->value, weight->value, optional(bias), at::IntArrayRef(strides), at::IntArrayRef(paddings));
    });
  };
}
