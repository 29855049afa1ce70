/// Divides all scores by the temperature. Below 1, likely codes become more likely; above 1, unlikely codes do.
struct Temperature: Sendable, Equatable {
  /// The divisor; 1 changes nothing.
  var temperature: Float

  /// Changes the scores `[codes]` in place.
  func apply(to scores: inout [Float]) {
    guard temperature != 1 else { return }
    for code in scores.indices { scores[code] /= temperature }
  }
}
