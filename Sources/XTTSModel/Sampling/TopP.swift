import Foundation

/// Nucleus sampling: keeps the most likely codes whose probabilities together reach `p`, at least one code; the others
/// become minus infinity.
///
/// Source: Holtzman et al., "The curious case of neural text degeneration", 2020; Hugging Face's `TopPLogitsWarper`,
/// which removes codes from the least likely on while their total stays within `1 - p`.
struct TopP: Sendable, Equatable {
  /// The total probability to keep; 1 keeps all codes.
  var p: Float

  /// The largest total probability of the removed codes; nil when all codes stay.
  var droppedShare: Float? {
    // The shortest decimal of `p` is the number that the caller wrote, so 1 minus it equals upstream's threshold.
    p < 1 ? Float(1 - (Double(p.description) ?? Double(p))) : nil
  }

  /// Changes the scores `[codes]` in place.
  func apply(to scores: inout [Float]) {
    guard let dropped = droppedShare else { return }
    // Codes that an earlier step excluded have no probability and stay excluded.
    var ascending = scores.indices.filter { scores[$0] > -.infinity }
    ascending.sort { scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
    guard let best = ascending.last else { return }
    let weights = ascending.map { exp(scores[$0] - scores[best]) }
    let total = weights.reduce(0) { $0 + Double($1) }
    var cumulative = 0.0
    for (rank, code) in ascending.dropLast().enumerated() {
      cumulative += Double(weights[rank]) / total
      guard Float(cumulative) <= dropped else { return }
      scores[code] = -.infinity
    }
  }
}
