/// Divides all scores by the temperature. Below 1, likely codes become more likely; above 1, unlikely codes do.
public struct Temperature: Sendable, Equatable {
  /// The divisor; 1 changes nothing.
  public var temperature: Float

  /// A temperature.
  public init(_ temperature: Float) { self.temperature = temperature }

  /// Changes the scores `[codes]` in place.
  public func apply(to scores: inout [Float]) {
    guard temperature != 1 else { return }
    for code in scores.indices { scores[code] /= temperature }
  }
}
