/// Stretches a sequence of rows by a factor; each output row is a mix of two adjacent inputs.
///
/// Source: `torch.nn.functional.interpolate(mode="linear", scale_factor:)` without aligned corners. An output depends
/// only on its position, so a part of the output, computed from a part of the input, has the same values.
struct LinearInterpolation: Sendable, Equatable {
  /// The number of outputs per input.
  let scale: Double
  /// libtorch copies a sequence whose length does not change, although its rows should be shifted. Only at its end is
  /// it known whether a sequence is that short, so no output is certain before.
  var copiesEqualLength = false

  /// The number of outputs of `inputCount` rows.
  func outputCount(_ inputCount: Int) -> Int {
    Int((Double(inputCount) * scale).rounded(.down))
  }

  /// The mix of an output row: `first (1 - weight) + second weight`.
  struct Tap: Equatable {
    var first: Int
    var second: Int
    var weight: Float
  }

  /// - Parameter inputCount: the number of rows of the whole input, after which the last row is repeated. Nil while the
  ///   end is unknown and the output is far enough from it.
  func tap(_ output: Int, inputCount: Int?) -> Tap {
    if let inputCount, isCopy(inputCount) { return Tap(first: output, second: output, weight: 0) }
    // From here on in float32, in which libtorch computes positions.
    let step = Float(1 / scale)
    let position = max(0, step * (Float(output) + 0.5) - 0.5)
    let last = inputCount.map { max(0, $0 - 1) } ?? .max
    let first = min(Int(position), last)
    let second = first < last ? first + 1 : first
    return Tap(first: first, second: second, weight: min(max(0, position - Float(first)), 1))
  }

  /// The inputs that a range of outputs depends on.
  func inputs(for outputs: Range<Int>, inputCount: Int?) -> Range<Int> {
    guard let last = outputs.last else { return 0..<0 }
    let low = tap(outputs.lowerBound, inputCount: inputCount).first
    return low..<(tap(last, inputCount: inputCount).second + 1)
  }

  /// The number of outputs that are certain after `inputCount` rows when more may follow.
  func certainOutputCount(_ inputCount: Int) -> Int {
    guard inputCount > 0, !isCopy(inputCount) else { return 0 }
    var count = outputCount(inputCount)
    // An output that depends on the row after the last one is not certain yet.
    while count > 0, tap(count - 1, inputCount: nil).second >= inputCount { count -= 1 }
    return count
  }

  private func isCopy(_ inputCount: Int) -> Bool {
    copiesEqualLength && outputCount(inputCount) == inputCount
  }
}
