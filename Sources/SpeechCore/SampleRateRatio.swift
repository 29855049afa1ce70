import Foundation

/// The ratio of two sample rates in lowest terms, and the ideal low-pass filter for resampling by it.
public struct SampleRateRatio: Sendable {
  /// Input samples that last as long as ``output`` output samples.
  public let input: Int
  /// Output samples that last as long as ``input`` input samples.
  public let output: Int

  /// - Parameters: rates in hertz, above 0.
  public init(from source: Int, to target: Int) {
    var (divisor, rest) = (source, target)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    (input, output) = (source / divisor, target / divisor)
  }

  /// The filter's value at a distance in zero crossings.
  public static func sinc(_ distance: Double) -> Double {
    distance == 0 ? 1 : sin(.pi * distance) / (.pi * distance)
  }
}
