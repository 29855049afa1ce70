import Foundation

/// Loudness by EBU R 128 (ITU-R BS.1770-4).
public enum Loudness {
  /// The largest sample after ``adjusted(_:to:sampleRate:channels:)``: -1 dBFS.
  static let ceiling: Float = 0.8913
  /// Seconds of the limiter's window on each side.
  private static let limiterSeconds = 0.005

  /// The integrated loudness of mono samples in LUFS; nil for silence. Samples shorter than 0.4 s count as one block.
  static func integrated(_ samples: [Float], sampleRate: Int) -> Double? {
    let squares = weighted(samples, sampleRate: Double(sampleRate)).map { $0 * $0 }
    let step = sampleRate / 10
    guard step > 0, !squares.isEmpty else { return nil }
    let hops = stride(from: 0, to: squares.count, by: step).map { start in
      squares[start..<min(start + step, squares.count)].reduce(0, +)
    }
    var blocks = [squares.reduce(0, +) / Double(squares.count)]
    if squares.count >= 4 * step {
      blocks = (0...(squares.count / step - 4)).map { hops[$0..<$0 + 4].reduce(0, +) / Double(4 * step) }
    }
    let audible = blocks.filter { level($0) > -70 }
    guard !audible.isEmpty else { return nil }
    let gate = level(mean(audible)) - 10
    return level(mean(audible.filter { level($0) > gate }))
  }

  /// The samples at an integrated loudness. Peaks over -1 dBFS are limited.
  /// - Parameter channels: delivered copies of the samples, which add up.
  /// - Returns: the loudness that was reached; nil for silence, which is returned unchanged.
  public static func adjusted(
    _ samples: [Float], to target: Double, sampleRate: Int, channels: Int
  ) -> (samples: [Float], reached: Double?) {
    let sum = 10 * log10(Double(channels))
    guard var reached = integrated(samples, sampleRate: sampleRate).map({ $0 + sum }) else { return (samples, nil) }
    var (gain, result) = (0.0, samples)
    // The limiter lowers the loudness, so the gain is corrected a few times.
    for _ in 0..<6 where abs(target - reached) > 0.05 && gain < 50 {
      gain += target - reached
      let factor = Float(pow(10, gain / 20))
      result = limited(samples.map { $0 * factor }, window: Int(limiterSeconds * Double(sampleRate)))
      reached = (integrated(result, sampleRate: sampleRate) ?? -70) + sum
    }
    return (result, reached)
  }

  /// Lowers the gain smoothly around peaks over the ceiling.
  private static func limited(_ samples: [Float], window: Int) -> [Float] {
    guard samples.contains(where: { abs($0) > ceiling }) else { return samples }
    let gains = samples.map { Double(min(1, ceiling / max(abs($0), ceiling))) }
    // The mean of the minimums over a window is never more than the gain in its middle.
    let smallest = slidingMinimum(gains, window)
    var (sum, count) = (smallest.prefix(window).reduce(0, +), min(window, smallest.count))
    return samples.indices.map { index in
      if index + window < smallest.count { (sum, count) = (sum + smallest[index + window], count + 1) }
      if index > window { (sum, count) = (sum - smallest[index - window - 1], count - 1) }
      let value = samples[index] * Float(sum / Double(count))
      return min(max(value, -ceiling), ceiling)
    }
  }

  /// The minimum from `window` values before to `window` values after each one.
  private static func slidingMinimum(_ values: [Double], _ window: Int) -> [Double] {
    var (queue, head, next): ([Int], Int, Int) = ([], 0, 0)
    return values.indices.map { index in
      while next < min(values.count, index + window + 1) {
        while queue.count > head, let last = queue.last, values[last] >= values[next] { queue.removeLast() }
        queue.append(next)
        next += 1
      }
      while queue[head] < index - window { head += 1 }
      return values[queue[head]]
    }
  }

  private static func level(_ power: Double) -> Double { power > 0 ? -0.691 + 10 * log10(power) : -.infinity }
  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  // MARK: K-weighting

  /// The two filters of BS.1770 at any sample rate, from their analogue prototypes.
  private static func weighted(_ samples: [Float], sampleRate: Double) -> [Double] {
    func poles(_ k: Double, _ q: Double) -> (a0: Double, a: (Double, Double)) {
      let a0 = 1 + k / q + k * k
      return (a0, (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0))
    }
    var (k, q) = (tan(.pi * 1_681.974450955533 / sampleRate), 0.7071752369554196)
    var (a0, a) = poles(k, q)
    let high = pow(10, 3.999843853973347 / 20)
    let band = pow(high, 0.4996667741545416)
    var shelf = Biquad(
      ((high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0), a)
    (k, q) = (tan(.pi * 38.13547087602444 / sampleRate), 0.5003270373238773)
    (a0, a) = poles(k, q)
    var highPass = Biquad((1, -2, 1), a)
    return samples.map { highPass.filter(shelf.filter(Double($0))) }
  }
}

/// A filter of second order.
struct Biquad {
  private let (b0, b1, b2, a1, a2): (Double, Double, Double, Double, Double)
  private var (z1, z2) = (0.0, 0.0)

  /// - Parameters:
  ///   - b: the coefficients of the inputs.
  ///   - a: the coefficients of the outputs; the first is 1.
  init(_ b: (Double, Double, Double), _ a: (Double, Double)) {
    (b0, b1, b2, a1, a2) = (b.0, b.1, b.2, a.0, a.1)
  }

  mutating func filter(_ x: Double) -> Double {
    let y = b0 * x + z1
    z1 = b1 * x - a1 * y + z2
    z2 = b2 * x - a2 * y
    return y
  }
}
