#include "boundary.hpp"

using ctorch::making;

void ctorch::add_signal(ct_api &api) {
  api.pad_reflect = [](const ct_tensor *x, int64_t before, int64_t after, ct_tensor **out) {
    return making(out, [&] {
      const int64_t sides[] = {before, after};
      return at::reflection_pad1d(x->value, sides);
    });
  };
  api.power_spectrogram = [](
      const ct_tensor *x, int64_t fft_size, int64_t hop, int64_t window_size, const ct_tensor *window,
      ct_tensor **out) {
    return making(out, [&] {
      if (x->value.dim() != 2) throw ctorch::ArgumentError("a spectrogram needs [batch, samples]");
      const at::Tensor spectrum = at::stft(
          x->value, fft_size, hop, window_size, window->value, /*center=*/true, "reflect", /*normalized=*/false,
          /*onesided=*/true, /*return_complex=*/true);
      return at::abs(spectrum).square();
    });
  };
  api.window = [](ct_window_kind kind, int64_t size, ct_tensor **out) {
    return making(out, [&] {
      const auto options = at::TensorOptions().dtype(at::kFloat);
      switch (kind) {
        case CT_HANN: return at::hann_window(size, /*periodic=*/true, options);
        case CT_HAMMING: return at::hamming_window(size, /*periodic=*/true, options);
      }
      throw ctorch::ArgumentError("unknown window");
    });
  };
}
