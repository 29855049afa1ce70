import Foundation
import SpeechCore

/// Draws the audio codes of one sequence from their logits: repetition penalty, temperature, top-k and top-p in
/// upstream's order, then one draw. The codes depend only on the logits, the parameters and the seed.
public struct CodeSampler: Sendable {
  private(set) var penalty: RepetitionPenalty
  let temperature: Temperature
  let topK: TopK
  let topP: TopP
  let isGreedy: Bool
  let suppressedCode: Int?
  private let generator: Philox
  private let sequence: UInt64
  private var step: UInt64 = 0
  let codeCount: Int

  /// The logit of a suppressed code: far below all others but finite, as in upstream's reference runs.
  private static let suppressedLogit: Float = -1e9

  /// The error of a row with a logit that is not finite.
  static let notANumber = ModelError(.backend, "the model gave a logit that is not a number")

  /// - Parameters:
  ///   - sequence: distinguishes sequences with the same seed, such as the segments of a text and their retries.
  ///   - isGreedy: takes the code with the best score after the penalty instead of drawing.
  ///   - suppressedCode: a code that is never drawn, such as the stop code when the number of codes is fixed.
  public init(
    parameters: SamplingParameters, seed: UInt64, sequence: UInt64 = 0, configuration: XTTSConfiguration.GPT,
    isGreedy: Bool = false, suppressedCode: Int? = nil
  ) {
    penalty = RepetitionPenalty(
      penalty: parameters.repetitionPenalty, codeCount: configuration.audioCodeCount,
      startCode: configuration.startCode)
    temperature = Temperature(temperature: parameters.temperature)
    topK = TopK(k: parameters.topK)
    topP = TopP(p: parameters.topP)
    self.isGreedy = isGreedy
    self.suppressedCode = suppressedCode
    generator = Philox(key: seed)
    self.sequence = sequence
    codeCount = configuration.audioCodeCount
  }

  /// Draws the next code. The caller decides whether to ``remember(_:)`` it.
  /// - Parameter logits: `[audioCodeCount]` float32.
  /// - Returns: the code, or a ``ModelError``: `invalidArgument` for a row of another size, `backend` when a logit is
  ///   not a number.
  func draw(logits: UnsafeBufferPointer<Float>) -> Result<Int, ModelError> {
    do throws(ModelError) {
      let scores = try processed(logits: logits)
      return .success(isGreedy ? Self.best(scores) : draw(scores))
    } catch {
      return .failure(error)
    }
  }

  /// Counts a code as used: the next draw is that of the next step.
  public mutating func remember(_ code: Int) {
    penalty.insert(code)
    step += 1
  }

  /// The scores from which the next code is drawn; minus infinity for excluded codes.
  func processed(logits: UnsafeBufferPointer<Float>) throws(ModelError) -> [Float] {
    guard logits.count == codeCount else {
      throw ModelError(.invalidArgument, "\(logits.count) logits for a vocabulary of \(codeCount) codes")
    }
    guard logits.allSatisfy(\.isFinite) else { throw Self.notANumber }
    var scores = Array(logits)
    if let suppressedCode, scores.indices.contains(suppressedCode) { scores[suppressedCode] = Self.suppressedLogit }
    penalty.apply(to: &scores)
    guard !isGreedy else { return scores }
    temperature.apply(to: &scores)
    topK.apply(to: &scores)
    topP.apply(to: &scores)
    return scores
  }

  /// The random number of the next draw, in 0..<1.
  var uniform: Double { generator.uniform(sequence: sequence, step: step) }

  /// The codes that the repetition penalty applies to, each once.
  var usedCodes: [Int] { penalty.used }

  /// The code with the largest score; the first one of equals.
  private static func best(_ scores: [Float]) -> Int {
    var best = 0
    for code in scores.indices where scores[code] > scores[best] { best = code }
    return best
  }

  /// Draws with the inverse of the cumulative distribution over the codes in their order.
  private func draw(_ scores: [Float]) -> Int {
    let best = Self.best(scores)
    let candidates = scores.indices.filter { scores[$0] > -.infinity }
    let weights = candidates.map { exp(Double(scores[$0]) - Double(scores[best])) }
    let target = uniform * weights.reduce(0, +)
    var cumulative = 0.0
    for (code, weight) in zip(candidates, weights) {
      cumulative += weight
      if target < cumulative { return code }
    }
    return best
  }
}
