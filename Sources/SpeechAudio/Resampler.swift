import Foundation
import SpeechCore

/// Changes the sample rate of mono samples that come piece by piece: a windowed sinc filter without delay. An output
/// sample does not depend on where the pieces were cut.
struct Resampler {
  /// Zero crossings of the sinc on each side.
  private static let crossings = 32.0
  /// The passed share of the smaller band.
  private static let passband = 0.95
  /// The shape of the Kaiser window, with about 90 dB of attenuation.
  private static let beta = 9.0

  /// The ratio of the rates in lowest terms.
  private let (up, down): (Int, Int)
  /// Taps on each side of an output sample.
  private let half: Int
  /// `[up][2 × half]`.
  private let phases: [[Float]]
  private var input: [Float]
  /// The number of the first sample in `input`.
  private var first: Int
  private var received = 0
  private var produced = 0

  /// - Returns: nil for equal rates.
  init?(from source: Int, to target: Int) {
    guard source != target else { return nil }
    let ratio = SampleRateRatio(from: source, to: target)
    (up, down) = (ratio.output, ratio.input)
    let cutoff = min(1, Double(target) / Double(source)) * Self.passband
    let width = Self.crossings / cutoff
    half = Int(width.rounded(.up))
    phases = (0..<up).map { [half, up] phase in
      let taps = (0..<2 * half).map { tap in
        let distance = Double(tap - half + 1) - Double(phase) / Double(up)
        return SampleRateRatio.sinc(distance * cutoff) * Self.kaiser(distance / width)
      }
      let sum = taps.reduce(0, +)
      return taps.map { Float($0 / sum) }
    }
    input = [Float](repeating: 0, count: half)
    first = -half
  }

  /// Takes samples and returns those that are certain.
  mutating func append(_ samples: [Float]) -> [Float] {
    received += samples.count
    return take(samples, until: nil)
  }

  /// Returns the rest. The whole output lasts as long as the input, rounded up to a sample.
  mutating func finish() -> [Float] {
    take([Float](repeating: 0, count: half + 1), until: (received * up + down - 1) / down)
  }

  private mutating func take(_ samples: [Float], until end: Int?) -> [Float] {
    input += samples
    let last = first + input.count
    var output: [Float] = []
    input.withUnsafeBufferPointer { input in
      while produced < end ?? .max {
        let (base, phase) = (produced * down).quotientAndRemainder(dividingBy: up)
        guard base + half < last else { break }
        let start = base - half + 1 - first
        output.append(
          phases[phase].withUnsafeBufferPointer { taps in
            var sum: Float = 0
            for tap in 0..<taps.count { sum += taps[tap] * input[start + tap] }
            return sum
          })
        produced += 1
      }
    }
    let used = min(max(0, produced * down / up - half + 1 - first), input.count)
    input.removeFirst(used)
    first += used
    return output
  }

  /// The Kaiser window, 0 outside [-1, 1].
  private static func kaiser(_ x: Double) -> Double {
    abs(x) >= 1 ? 0 : bessel(beta * (1 - x * x).squareRoot()) / bessel(beta)
  }

  /// The modified Bessel function of the first kind, order 0.
  private static func bessel(_ x: Double) -> Double {
    var (term, sum, n) = (1.0, 1.0, 1.0)
    while term > sum * 1e-12 {
      term *= x * x / (4 * n * n)
      sum += term
      n += 1
    }
    return sum
  }
}
