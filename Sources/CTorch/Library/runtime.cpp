#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <torch/version.h>

#include <cstring>

#include "boundary.hpp"

void ctorch::add_runtime(ct_api &api) {
  api.version = []() -> const char * { return TORCH_VERSION; };
  api.blas_path = [](char *path, size_t capacity) {
    if (capacity == 0) return;
    path[0] = '\0';
    void *symbol = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info info;
    if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return;
    char resolved[PATH_MAX];
    const char *name = realpath(info.dli_fname, resolved) != nullptr ? resolved : info.dli_fname;
    strncpy(path, name, capacity - 1);
    path[capacity - 1] = '\0';
  };
  api.has_mkl = []() -> bool { return at::hasMKL(); };
  api.set_thread_count = [](int32_t count) {
    return ctorch::guarded([&] {
      if (count < 1 || count > 1024) throw ctorch::ArgumentError("the thread count must be from 1 to 1024");
      at::set_num_threads(count);
    });
  };
}
