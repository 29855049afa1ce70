/// Divides all scores: below 1 the likely codes gain, above 1 the unlikely ones.
public struct Temperature: Sendable, Equatable {
  public var temperature: Float

  public init(_ temperature: Float) { self.temperature = temperature }

  public func apply(to scores: inout [Float]) {
    guard temperature != 1 else { return }
    for code in scores.indices { scores[code] /= temperature }
  }
}
