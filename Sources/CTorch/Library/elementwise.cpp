#include "boundary.hpp"

using ctorch::guarded;
using ctorch::making;

namespace {

at::Tensor unary(ct_unary_op op, const at::Tensor &x) {
  switch (op) {
    case CT_RELU: return at::relu(x);
    case CT_SIGMOID: return at::sigmoid(x);
    case CT_TANH: return at::tanh(x);
    case CT_GELU: return at::gelu(x);
    case CT_GELU_TANH: return at::gelu(x, "tanh");
    case CT_LOG: return at::log(x);
    case CT_SQRT: return at::sqrt(x);
    case CT_SQUARE: return at::square(x);
    case CT_ABS: return at::abs(x);
  }
  throw ctorch::ArgumentError("unknown operation");
}

void unary_in_place(ct_unary_op op, at::Tensor &x) {
  switch (op) {
    case CT_RELU: at::relu_(x); return;
    case CT_SIGMOID: at::sigmoid_(x); return;
    case CT_TANH: at::tanh_(x); return;
    case CT_GELU: at::gelu_(x); return;
    case CT_GELU_TANH: at::gelu_(x, "tanh"); return;
    case CT_LOG: at::log_(x); return;
    case CT_SQRT: at::sqrt_(x); return;
    case CT_SQUARE: at::square_(x); return;
    case CT_ABS: at::abs_(x); return;
  }
  throw ctorch::ArgumentError("unknown operation");
}

template <class Operand>
at::Tensor binary(ct_binary_op op, const at::Tensor &a, const Operand &b) {
  switch (op) {
    case CT_ADD: return a.add(b);
    case CT_SUB: return a.sub(b);
    case CT_MUL: return a.mul(b);
    case CT_DIV: return a.div(b);
  }
  throw ctorch::ArgumentError("unknown operation");
}

template <class Operand>
void binary_in_place(ct_binary_op op, at::Tensor &a, const Operand &b) {
  switch (op) {
    case CT_ADD: a.add_(b); return;
    case CT_SUB: a.sub_(b); return;
    case CT_MUL: a.mul_(b); return;
    case CT_DIV: a.div_(b); return;
  }
  throw ctorch::ArgumentError("unknown operation");
}

}  // namespace

void ctorch::add_elementwise(ct_api &api) {
  api.unary = [](ct_unary_op op, const ct_tensor *x, ct_tensor **out) {
    return making(out, [&] { return unary(op, x->value); });
  };
  api.unary_in_place = [](ct_unary_op op, ct_tensor *x) {
    return guarded([&] { unary_in_place(op, x->value); });
  };
  api.binary = [](ct_binary_op op, const ct_tensor *a, const ct_tensor *b, ct_tensor **out) {
    return making(out, [&] { return binary(op, a->value, b->value); });
  };
  api.binary_in_place = [](ct_binary_op op, ct_tensor *a, const ct_tensor *b) {
    return guarded([&] { binary_in_place(op, a->value, b->value); });
  };
  api.binary_scalar = [](ct_binary_op op, const ct_tensor *a, double b, ct_tensor **out) {
    return making(out, [&] { return binary(op, a->value, at::Scalar(b)); });
  };
  api.binary_scalar_in_place = [](ct_binary_op op, ct_tensor *a, double b) {
    return guarded([&] { binary_in_place(op, a->value, at::Scalar(b)); });
  };
  api.leaky_relu = [](const ct_tensor *x, double slope, ct_tensor **out) {
    return making(out, [&] { return at::leaky_relu(x->value, slope); });
  };
  api.leaky_relu_in_place = [](ct_tensor *x, double slope) {
    return guarded([&] { at::leaky_relu_(x->value, slope); });
  };
  api.clamp_min = [](const ct_tensor *x, double low, ct_tensor **out) {
    return making(out, [&] { return at::clamp_min(x->value, at::Scalar(low)); });
  };
}
