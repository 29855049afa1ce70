import Foundation
import SpeechCore

/// Prepares a recording for cloning: silence at the ends is trimmed, rumble and steady noise are lowered, and the loudness
/// becomes -23 LUFS.
public enum ReferenceCleaner {
  static let loudness = -23.0
  /// Hertz; below it there is no voice.
  private static let lowestFrequency = 70.0
  /// The largest reduction of noise: 12 dB.
  private static let smallestGain: Float = 0.25
  /// Noise is lowered where the signal is not above it by this factor.
  private static let noiseMargin: Float = 1.8
  /// Seconds of silence that stay at the ends.
  private static let margin = 0.1

  public static func cleaned(_ clip: AudioClip) -> AudioClip {
    let rate = Double(clip.sampleRate)
    var samples = highPassed(clip.samples, rate)
    samples = trimmed(lessNoise(samples, rate), rate)
    samples = Loudness.adjusted(samples, to: loudness, sampleRate: clip.sampleRate, channels: 1).samples
    return AudioClip(samples: samples, sampleRate: clip.sampleRate)
  }

  /// A Butterworth filter of second order.
  private static func highPassed(_ samples: [Float], _ rate: Double) -> [Float] {
    let k = tan(.pi * lowestFrequency / rate)
    let a0 = 1 + k * 2.0.squareRoot() + k * k
    var filter = Biquad(
      (1 / a0, -2 / a0, 1 / a0), (2 * (k * k - 1) / a0, (1 - k * 2.0.squareRoot() + k * k) / a0))
    return samples.map { Float(filter.filter(Double($0))) }
  }

  /// Drops quiet frames at the ends, 40 dB below the loudest.
  private static func trimmed(_ samples: [Float], _ rate: Double) -> [Float] {
    let frame = max(1, Int(rate / 50))
    let energies = stride(from: 0, to: samples.count, by: frame).map { start in
      let part = samples[start..<min(start + frame, samples.count)]
      return part.reduce(0) { $0 + $1 * $1 } / Float(part.count)
    }
    let threshold = max(energies.max() ?? 0, 1e-8) * 1e-4
    guard let first = energies.firstIndex(where: { $0 > threshold }),
      let last = energies.lastIndex(where: { $0 > threshold })
    else { return samples }
    let kept = Int(margin * rate)
    return Array(samples[max(0, first * frame - kept)..<min(samples.count, (last + 1) * frame + kept)])
  }

  /// Lowers, in each band, what is not clearly above the band's quietest tenth.
  private static func lessNoise(_ samples: [Float], _ rate: Double) -> [Float] {
    let size = 1 << Int(log2(rate * 0.04).rounded())
    let hop = size / 4
    guard samples.count >= size * 8 else { return samples }
    let transform = FourierTransform(size: size)
    let window = (0..<size).map { Float((0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(size))).squareRoot()) }
    let starts = Array(stride(from: -size + hop, to: samples.count, by: hop))
    func spectrum(_ start: Int) -> (re: [Float], im: [Float]) {
      let part = (0..<size).map { index -> Float in
        samples.indices.contains(start + index) ? samples[start + index] * window[index] : 0
      }
      return transform.forward(part, [Float](repeating: 0, count: size))
    }
    func powers(_ spectrum: (re: [Float], im: [Float])) -> [Float] {
      (0...size / 2).map { spectrum.re[$0] * spectrum.re[$0] + spectrum.im[$0] * spectrum.im[$0] }
    }
    // Of every eighth window, so that a long recording needs little memory.
    let some = stride(from: 0, to: starts.count, by: max(1, starts.count / 200)).map { powers(spectrum(starts[$0])) }
    let noise = (0...size / 2).map { bin in some.map { $0[bin] }.sorted()[some.count / 10] * 2 }

    var output = [Float](repeating: 0, count: samples.count)
    var gains = [Float](repeating: 1, count: size / 2 + 1)
    for start in starts {
      var (re, im) = spectrum(start)
      let power = powers((re, im))
      for bin in 0...size / 2 {
        let share = noise[bin] * noiseMargin / max(power[bin], 1e-12)
        let wanted = max(smallestGain, (max(0, 1 - share)).squareRoot())
        // It opens at once and closes slowly, which avoids the chirps of single bands.
        gains[bin] = wanted > gains[bin] ? wanted : 0.7 * gains[bin] + 0.3 * wanted
      }
      for bin in 0..<size {
        let gain = gains[min(bin, size - bin)]
        (re[bin], im[bin]) = (re[bin] * gain, im[bin] * gain)
      }
      // The inverse, by the conjugate. Squared windows of a quarter's hop add up to 2.
      let part = transform.forward(re, im.map { -$0 }).re
      for index in 0..<size where samples.indices.contains(start + index) {
        output[start + index] += part[index] * window[index] / Float(size) / 2
      }
    }
    return output
  }
}

/// A complex Fourier transform whose size is a power of two.
struct FourierTransform {
  private let size: Int
  private let cosines: [Float]
  private let sines: [Float]

  init(size: Int) {
    self.size = size
    cosines = (0..<size / 2).map { Float(cos(2 * .pi * Double($0) / Double(size))) }
    sines = (0..<size / 2).map { Float(-sin(2 * .pi * Double($0) / Double(size))) }
  }

  func forward(_ real: [Float], _ imaginary: [Float]) -> (re: [Float], im: [Float]) {
    var (re, im) = (real, imaginary)
    var target = 0
    for index in 1..<size {
      var bit = size >> 1
      while target & bit != 0 {
        target ^= bit
        bit >>= 1
      }
      target |= bit
      if index < target {
        re.swapAt(index, target)
        im.swapAt(index, target)
      }
    }
    var half = 1
    while half < size {
      let step = size / half / 2
      for start in stride(from: 0, to: size, by: half * 2) {
        for index in 0..<half {
          let (c, s) = (cosines[index * step], sines[index * step])
          let (low, high) = (start + index, start + index + half)
          let (x, y) = (re[high] * c - im[high] * s, re[high] * s + im[high] * c)
          (re[high], im[high]) = (re[low] - x, im[low] - y)
          (re[low], im[low]) = (re[low] + x, im[low] + y)
        }
      }
      half *= 2
    }
    return (re, im)
  }
}
