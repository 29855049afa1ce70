/// The way in which a job's sequences get their codes.
enum CodePolicy: Sendable {
  /// Ordinary speech: codes are drawn until the stop code.
  case speech
  /// Exactly as many codes as the limit, for traces, benchmarks and the warm-up: the stop code is never drawn.
  case fixedLength(Measurement)

  struct Measurement: Sendable {
    /// Takes the code with the best score in each step and draws none.
    var isGreedy = false
    /// Codes to take instead of the drawn ones, from the first step on.
    var following: [Int] = []
    /// Receives the stages of each segment.
    var trace: (@Sendable (SynthesisTrace) -> Void)?
  }

  /// Nil for ordinary speech.
  var measurement: Measurement? {
    if case .fixedLength(let measurement) = self { measurement } else { nil }
  }

  /// Whether a trace contains the logits of a step: those of the first one, and of all if codes are followed.
  func needsLogits(at step: Int) -> Bool {
    guard case .fixedLength(let measurement) = self, measurement.trace != nil else { return false }
    return step == 0 || !measurement.following.isEmpty
  }

  /// The code of a step for which the sampler has drawn `drawn`.
  func code(at step: Int, drawn: Int) -> Int {
    guard case .fixedLength(let measurement) = self, step < measurement.following.count else { return drawn }
    return measurement.following[step]
  }
}
