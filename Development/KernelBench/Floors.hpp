#pragma once

#include <cstddef>

/// The best rates of this machine with some number of threads, measured by loops that do nothing else.
struct Floors {
  /// Reads of memory far larger than the caches, 10^9 bytes per second.
  double readBandwidth;
  /// Fused multiply-adds of float32 in registers, 10^9 operations per second (two per multiply-add).
  double floatRate;
  /// Products of bytes summed to 32 bits, by the instructions that the variant has, 10^9 operations per second.
  double int8Rate;
};

Floors measureFloors(int threads);

/// Seconds of the fastest of some calls.
template <class Body> double fastest(int calls, const Body &body);

double now();

template <class Body> double fastest(int calls, const Body &body) {
  double best = 1e30;
  for (int call = 0; call < calls; ++call) {
    const double start = now();
    body();
    const double seconds = now() - start;
    if (seconds < best) best = seconds;
  }
  return best;
}
