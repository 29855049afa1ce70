// The data of the pictures, computed piece by piece: peaks for the waveform, levels for the spectrogram. No side
// effects.

export const hop = 256;
const size = 1024;
export const bands = 96;
const lowest = 80;
const highest = 12_000;
/** Decibels below full scale that are shown as silence. */
const floor = -84;
const ceiling = -22;

/** Takes samples as they arrive. `peaks` has one height per `hop` samples, `columns` the levels 0…255 of the bands. */
export class Analysis {
  peaks = [];
  columns = [];
  #samples = new Float32Array(0);
  #window = Float32Array.from({ length: size }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size));
  #edges;

  constructor(sampleRate) {
    const ratio = highest / lowest;
    this.#edges = Array.from({ length: bands + 1 }, (_, band) =>
      (lowest * ratio ** (band / bands) * size) / sampleRate);
  }

  /** @param {Float32Array} piece */
  append(piece) {
    const joined = new Float32Array(this.#samples.length + piece.length);
    joined.set(this.#samples);
    joined.set(piece, this.#samples.length);
    let at = 0;
    for (; at + size <= joined.length; at += hop) this.#measure(joined.subarray(at, at + size));
    this.#samples = joined.slice(at);
  }

  /** Processes the remaining samples, padded with silence. */
  complete() {
    if (this.#samples.length >= hop) this.append(new Float32Array(size - hop));
  }

  #measure(frame) {
    let peak = 0;
    for (let index = 0; index < hop; index++) peak = Math.max(peak, Math.abs(frame[index]));
    this.peaks.push(peak);

    const real = frame.map((sample, index) => sample * this.#window[index]);
    const imaginary = new Float32Array(size);
    transform(real, imaginary);
    const column = new Uint8Array(bands);
    for (let band = 0; band < bands; band++) {
      const from = Math.max(1, Math.floor(this.#edges[band]));
      const to = Math.min(size / 2, Math.max(from + 1, Math.floor(this.#edges[band + 1])));
      let power = 0;
      for (let bin = from; bin < to; bin++) power = Math.max(power, real[bin] ** 2 + imaginary[bin] ** 2);
      // Under this window a full-scale sine has the height size / 4.
      const level = 10 * Math.log10(power / (size / 4) ** 2 + 1e-12);
      column[band] = Math.round(255 * Math.min(1, Math.max(0, (level - floor) / (ceiling - floor))));
    }
    this.columns.push(column);
  }
}

/** An in-place Fourier transform for lengths that are powers of two (Cooley and Tukey, 1965). */
export function transform(real, imaginary) {
  const length = real.length;
  for (let index = 1, swapped = 0; index < length; index++) {
    let bit = length >> 1;
    for (; swapped & bit; bit >>= 1) swapped ^= bit;
    swapped ^= bit;
    if (index < swapped) {
      [real[index], real[swapped]] = [real[swapped], real[index]];
      [imaginary[index], imaginary[swapped]] = [imaginary[swapped], imaginary[index]];
    }
  }
  for (let width = 2; width <= length; width <<= 1) {
    const half = width >> 1;
    for (let offset = 0; offset < half; offset++) {
      const angle = (-2 * Math.PI * offset) / width;
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      for (let low = offset; low < length; low += width) {
        const high = low + half;
        const x = real[high] * cosine - imaginary[high] * sine;
        const y = real[high] * sine + imaginary[high] * cosine;
        real[high] = real[low] - x;
        imaginary[high] = imaginary[low] - y;
        real[low] += x;
        imaginary[low] += y;
      }
    }
  }
}
