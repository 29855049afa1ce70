#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include "boundary.hpp"

using ctorch::guarded;
using ctorch::making;

// Uses libtorch's interface for any accelerator, so that this file compiles in every build.
struct ct_stream {
  c10::Stream value;
};

struct ct_event {
  c10::Event value;
};

namespace {

c10::impl::VirtualGuardImpl guard(at::Device device) { return c10::impl::VirtualGuardImpl(device.type()); }

}  // namespace

void ctorch::add_streams(ct_api &api) {
  api.empty_pinned = [](ct_ints shape, ct_dtype dtype, ct_tensor **out) {
    return making(out, [&] {
      const auto options = at::TensorOptions().dtype(ctorch::scalar_type(dtype));
      const bool has_gpu = at::hasCUDA() && at::detail::getCUDAHooks().getNumGPUs() > 0;
      return at::empty(ctorch::ints(shape), options.pinned_memory(has_gpu));
    });
  };
  api.send = [](const ct_tensor *tensor, ct_device device, ct_tensor **out) {
    return making(out, [&] {
      // Ordinary host memory is read before the call returns, so the source may be freed then.
      return tensor->value.to(ctorch::device_of(device), tensor->value.scalar_type(), /*non_blocking=*/true);
    });
  };
  api.copy_async = [](ct_tensor *target, const ct_tensor *source) {
    return guarded([&] {
      if (target->value.sizes() != source->value.sizes()) throw ctorch::ArgumentError("copy between unequal shapes");
      target->value.copy_(source->value, /*non_blocking=*/true);
    });
  };
  api.stream_make = [](ct_device device, ct_stream **out) {
    return guarded([&] {
      const at::Device named = ctorch::device_of(device);
      *out = new ct_stream{guard(named).getStreamFromGlobalPool(named)};
    });
  };
  api.stream_free = [](ct_stream *stream) { delete stream; };
  api.stream_enter = [](const ct_stream *stream, ct_stream **previous) {
    return guarded([&] {
      const auto implementation = guard(stream->value.device());
      implementation.setDevice(stream->value.device());
      const c10::Stream replaced = implementation.exchangeStream(stream->value);
      if (previous != nullptr) *previous = new ct_stream{replaced};
    });
  };
  api.stream_synchronize = [](const ct_stream *stream) {
    return guarded([&] { guard(stream->value.device()).synchronizeStream(stream->value); });
  };
  api.event_record = [](ct_device device, ct_event **out) {
    return guarded([&] {
      const at::Device named = ctorch::device_of(device);
      c10::Event event(named.type());
      event.record(guard(named).getStream(named));
      *out = new ct_event{std::move(event)};
    });
  };
  api.event_free = [](ct_event *event) { delete event; };
  api.event_query = [](const ct_event *event, bool *done) {
    return guarded([&] { *done = event->value.query(); });
  };
  api.event_await = [](ct_event *event) {
    return guarded([&] { event->value.block(guard(event->value.device()).getStream(event->value.device())); });
  };
}
