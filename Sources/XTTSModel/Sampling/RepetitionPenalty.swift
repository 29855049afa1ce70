/// Makes codes that were already used less likely, once per distinct code: positive scores are divided by the penalty,
/// negative ones are multiplied by it.
///
/// Source: Keskar et al., "CTRL", 2019; Hugging Face's `RepetitionPenaltyLogitsProcessor`.
struct RepetitionPenalty: Sendable, Equatable {
  /// The factor; 1 changes nothing.
  var penalty: Float
  /// By code: whether it counts as used.
  private var isUsed: [Bool]
  /// The used codes, each once, in the order of their first use.
  private(set) var used: [Int]

  /// Upstream passes its sampler the prompt as a row of 1s followed by the start code, so both codes count as used from
  /// the first step.
  private static let placeholderCode = 1

  /// A penalty with the codes that count as used from the start.
  init(penalty: Float, codeCount: Int, startCode: Int) {
    self.penalty = penalty
    isUsed = Array(repeating: false, count: codeCount)
    used = []
    insert(Self.placeholderCode)
    insert(startCode)
  }

  /// Counts a code as used from now on.
  mutating func insert(_ code: Int) {
    guard isUsed.indices.contains(code), !isUsed[code] else { return }
    isUsed[code] = true
    used.append(code)
  }

  /// Changes the scores `[codes]` in place.
  func apply(to scores: inout [Float]) {
    guard penalty != 1 else { return }
    for code in used where code < scores.count {
      scores[code] = scores[code] < 0 ? scores[code] * penalty : scores[code] / penalty
    }
  }
}
