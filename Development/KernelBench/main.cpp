// Measures this machine's floors and the kernels against them, at the published model's sizes. With --floors it prints
// the floors alone, as JSON.
//   usage: kernel-bench [--floors] [THREADS]

#include "CKernels.h"
#include "Floors.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

std::vector<float> noise(size_t count) {
  std::vector<float> values(count);
  uint32_t state = 1;
  for (float &value : values) {
    state = state * 1664525 + 1013904223;
    value = float(int32_t(state)) * 0x1p-31f;
  }
  return values;
}

/// The linear layers of a GPT, as many as one decode step passes, so that weights come from memory as they do there.
class Stack {
public:
  Stack(ck_context *context, ck_precision precision) : context_(context) {
    const int sizes[][2] = {{1024, 3072}, {1024, 1024}, {1024, 4096}, {4096, 1024}};
    const auto values = noise(size_t(1024) * 4096);
    for (const auto &size : sizes) byteCount_ += ck_linear_byte_count(precision, size[0], size[1]);
    weightBytes = byteCount_ *= layerCount;
    memory_ = static_cast<char *>(ck_memory_allocate(byteCount_, CK_HUGE_PAGES));
    if (!memory_) return;
    char *next = memory_;
    for (int layer = 0; layer < layerCount; ++layer) {
      for (const auto &size : sizes) {
        const ck_linear_source source = {values.data(), nullptr, size[0], size[1], size[1], 1};
        ck_linear linear;
        if (ck_linear_pack(context, precision, &source, next, &linear) != CK_OK) return;
        next += ck_linear_byte_count(precision, size[0], size[1]);
        layers_.push_back(linear);
        multiplications += double(size[0]) * size[1];
      }
    }
  }
  ~Stack() { ck_memory_free(memory_, byteCount_); }

  double seconds(int rows) {
    auto input = noise(size_t(rows) * 4112);
    std::vector<float> output(size_t(rows) * 4112);
    return fastest(rows > 32 ? 3 : 7, [&] {
      for (const ck_linear &linear : layers_) {
        const ck_rows arguments = {input.data(), 4112, rows, CK_IDENTITY, nullptr, 0, output.data(), 4112};
        ck_linear_apply(context_, &linear, &arguments);
      }
    });
  }

  size_t weightBytes = 0;
  double multiplications = 0;

private:
  static constexpr int layerCount = 30;
  ck_context *context_;
  size_t byteCount_ = 0;
  char *memory_ = nullptr;
  std::vector<ck_linear> layers_;
};

void linears(ck_context *context, ck_precision precision, const Floors &floors) {
  Stack stack(context, precision);
  const double peak = precision == CK_INT8 ? floors.int8Rate : floors.floatRate;
  std::printf("\n%s products, 30 layers\n  rows        ms  floor ms  of floor\n", precision == CK_INT8 ? "int8" : "float32");
  for (int rows : {1, 2, 4, 8, 16, 64}) {
    const double seconds = stack.seconds(rows);
    const double read = double(stack.weightBytes) / floors.readBandwidth / 1e9;
    const double sums = 2 * stack.multiplications * rows / peak / 1e9;
    const double floor = read > sums ? read : sums;
    std::printf("  %4d  %8.2f  %8.2f  %7.0f %%\n", rows, seconds * 1e3, floor * 1e3, 100 * floor / seconds);
  }
}

/// The fastest of some calls, with the tails that a residual block has.
double convolution(ck_context *context, ck_convolution_form form, int channels, int taps, int dilation, int rows) {
  const auto values = noise(size_t(channels) * channels * taps);
  const size_t size = ck_convolution_byte_count(form, channels, channels, taps);
  void *memory = ck_memory_allocate(size, CK_HUGE_PAGES);
  const ck_convolution_source source = {
    values.data(), channels, channels, taps, 1, taps, ptrdiff_t(channels) * taps};
  ck_convolution packed;
  if (!memory || ck_convolution_pack(context, form, &source, memory, &packed) != CK_OK) return 0;
  const int margin = (taps + 2 * CK_TILE_ROWS) * dilation;
  const auto input = noise(size_t(rows + 2 * margin) * channels), bias = noise(channels);
  std::vector<float> output(size_t(rows) * channels), residual(output.size());
  ck_convolution_arguments arguments = {};
  arguments.input = input.data() + size_t(margin - taps / 2 * dilation) * channels;
  arguments.input_stride = channels;
  arguments.rows = rows;
  arguments.dilation = dilation;
  arguments.bias = bias.data();
  arguments.residual = residual.data();
  arguments.residual_stride = channels;
  arguments.gain = 1;
  arguments.rectified = output.data();
  arguments.rectified_stride = channels;
  arguments.slope = 0.1f;
  const double seconds = fastest(5, [&] { ck_convolution_apply(context, &packed, &arguments); });
  ck_memory_free(memory, size);
  return seconds;
}

/// A second of audio: 93.75 frames, each stage's rows, three kernels, three dilated and three plain convolutions each.
/// Rates count the multiplications of the direct form, so that tiles may be above the floor.
void convolutions(ck_context *context, const Floors &floors) {
  std::printf("\nconvolutions of one second of audio, direct and in tiles\n"
              "  channels  taps  dilation        ms  of floor  tiled ms  of floor\n");
  const int stages[][2] = {{256, 750}, {128, 6000}, {64, 12000}, {32, 24000}};
  double totals[2] = {}, work = 0;
  for (const auto &stage : stages) {
    for (int taps : {3, 7, 11}) {
      for (int dilation : {1, 3, 5}) {
        const double operations = 2.0 * stage[0] * stage[0] * taps * stage[1];
        const double floor = operations / floors.floatRate / 1e9;
        double seconds[2];
        for (int form : {CK_DIRECT, CK_TILED}) {
          seconds[form] = convolution(context, ck_convolution_form(form), stage[0], taps, dilation, stage[1]);
          totals[form] += seconds[form] * (dilation == 1 ? 4 : 1);
        }
        work += operations * (dilation == 1 ? 4 : 1);
        if (dilation == 3) continue;
        std::printf("  %8d  %4d  %8d  %8.2f  %6.0f %%  %8.2f  %6.0f %%\n", stage[0], taps, dilation, seconds[0] * 1e3,
          100 * floor / seconds[0], seconds[1] * 1e3, 100 * floor / seconds[1]);
      }
    }
  }
  const double floor = work / floors.floatRate / 1e9;
  std::printf("  all residual blocks   %10.2f  %6.0f %%  %8.2f  %6.0f %%\n", totals[0] * 1e3, 100 * floor / totals[0],
    totals[1] * 1e3, 100 * floor / totals[1]);
}

void handOff(ck_context *context) {
  std::vector<float> row(1024), gain(1024), output(4096);
  const ck_layer_norm_arguments norm = {row.data(), 1024, 4, 1024 / 4 * 3, gain.data(), gain.data(), 1e-5f, output.data(), 1024};
  constexpr int calls = 1000;
  const double seconds = fastest(5, [&] { for (int call = 0; call < calls; ++call) ck_layer_norm(context, &norm); });
  std::printf("\nhand-off to the threads and back, with a small layer norm: %.2f us\n", seconds / calls * 1e6);
}

} // namespace

int main(int count, char **arguments) {
  bool floorsOnly = false;
  int threads = 2;
  for (int index = 1; index < count; ++index) {
    if (std::strcmp(arguments[index], "--floors") == 0) floorsOnly = true;
    else threads = std::atoi(arguments[index]);
  }
  ck_context *context = nullptr;
  if (ck_context_create(threads, ck_best_variant(), &context) != CK_OK) {
    std::fprintf(stderr, "threads must be from 1 to 64\n");
    return 64;
  }
  const Floors floors = measureFloors(threads);
  if (floorsOnly) {
    std::printf(
      "{\"variant\": \"%s\", \"threads\": %d, \"read_gigabytes_per_second\": %.1f, \"float32_gigaflops\": %.1f, "
      "\"int8_gigaops\": %.1f}\n",
      ck_variant_name(ck_best_variant()), threads, floors.readBandwidth, floors.floatRate, floors.int8Rate);
  } else {
    std::printf(
      "%s, %d threads: reads %.1f GB/s, float32 %.1f GFLOP/s, int8 %.1f GOP/s\n", ck_variant_name(ck_best_variant()),
      threads, floors.readBandwidth, floors.floatRate, floors.int8Rate);
    linears(context, CK_INT8, floors);
    linears(context, CK_FLOAT32, floors);
    convolutions(context, floors);
    handOff(context);
  }
  ck_context_destroy(context);
  return 0;
}
