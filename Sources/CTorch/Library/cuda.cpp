// The functions that need CUDA's headers. Package.swift defines CTORCH_CUDA if the headers are configured.
#include "boundary.hpp"

#ifdef CTORCH_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>

#include <cstring>
#endif

using ctorch::guarded;

#ifdef CTORCH_CUDA

// Declared in ATen/cuda/CUDAContextLight.h, which would need the headers of four more libraries.
namespace at::cuda {
TORCH_CUDA_CPP_API cudaDeviceProp *getDeviceProperties(c10::DeviceIndex device);
}

struct ct_graph {
  at::cuda::CUDAGraph value;
};

namespace {

ct_status cuda_probe(int32_t *count) {
  return guarded([&] { *count = static_cast<int32_t>(c10::cuda::device_count_ensure_non_zero()); });
}

ct_status cuda_describe(int32_t index, char *name, size_t capacity, uint64_t *total, uint64_t *free) {
  return guarded([&] {
    const auto device = ctorch::device_of(ct_device{CT_CUDA, index}).index();
    // libtorch sets up the GPU only at its first use.
    at::globalContext().lazyInitDevice(at::kCUDA);
    const cudaDeviceProp *properties = at::cuda::getDeviceProperties(device);
    const auto [free_bytes, total_bytes] = c10::cuda::CUDACachingAllocator::get()->getMemoryInfo(device);
    if (capacity > 0) {
      std::strncpy(name, properties->name, capacity - 1);
      name[capacity - 1] = '\0';
    }
    *total = total_bytes;
    *free = free_bytes;
  });
}

ct_status graph_begin(const ct_graph *memory_of, ct_graph **out) {
  return guarded([&] {
    auto graph = std::make_unique<ct_graph>();
    // Other threads may allocate memory during the recording.
    graph->value.capture_begin(
        memory_of != nullptr ? const_cast<ct_graph *>(memory_of)->value.pool() : at::cuda::MempoolId_t{0, 0},
        cudaStreamCaptureModeThreadLocal);
    *out = graph.release();
  });
}

ct_status graph_end(ct_graph *graph) {
  return guarded([&] { graph->value.capture_end(); });
}

ct_status graph_replay(ct_graph *graph) {
  return guarded([&] { graph->value.replay(); });
}

}  // namespace

#else

namespace {

ct_status refused() {
  return ctorch::fail(CT_ERROR_ARGUMENT, "this build of speechbus has no CUDA: build it with make build-cuda");
}

}  // namespace

struct ct_graph {};

namespace {

ct_status cuda_probe(int32_t *) { return refused(); }
ct_status cuda_describe(int32_t, char *, size_t, uint64_t *, uint64_t *) { return refused(); }
ct_status graph_begin(const ct_graph *, ct_graph **) { return refused(); }
ct_status graph_end(ct_graph *) { return refused(); }
ct_status graph_replay(ct_graph *) { return refused(); }

}  // namespace

#endif

void ctorch::add_cuda(ct_api &api) {
#ifdef CTORCH_CUDA
  api.cuda_is_built = [] { return true; };
#else
  api.cuda_is_built = [] { return false; };
#endif
  api.cuda_probe = cuda_probe;
  api.cuda_describe = cuda_describe;
  api.set_tf32 = [](bool allowed) {
    return guarded([&] {
      at::globalContext().setAllowTF32CuDNN(allowed);
      at::globalContext().setAllowTF32CuBLAS(false);
    });
  };
  api.graph_begin = graph_begin;
  api.graph_end = graph_end;
  api.graph_replay = graph_replay;
  api.graph_free = [](ct_graph *graph) { delete graph; };
}
