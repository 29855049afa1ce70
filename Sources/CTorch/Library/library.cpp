#include <cstring>

#include "boundary.hpp"

namespace {

ct_api filled() {
  ct_api api{};
  api.table_size = sizeof(ct_api);
  for (auto add : {ctorch::add_boundary, ctorch::add_cuda, ctorch::add_decoding, ctorch::add_elementwise,
                   ctorch::add_layers, ctorch::add_products, ctorch::add_runtime, ctorch::add_sampling,
                   ctorch::add_shape, ctorch::add_signal, ctorch::add_streams, ctorch::add_tensor}) {
    add(api);
  }
  return api;
}

bool is_complete(const ct_api &api) {
  void *members[sizeof(ct_api) / sizeof(void *)];
  std::memcpy(members, &api, sizeof api);
  for (const void *member : members) {
    if (member == nullptr) return false;
  }
  return true;
}

}  // namespace

const ct_api *ct_library(void) {
  static const ct_api api = filled();
  return is_complete(api) ? &api : nullptr;
}
