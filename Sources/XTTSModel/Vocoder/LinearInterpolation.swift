/// Stretches a sequence of rows by a factor, each output row mixed from two neighbouring inputs.
///
/// Source: `torch.nn.functional.interpolate(mode="linear", scale_factor:)` without aligned corners. An output depends
/// on its position only, so a part of the output can be computed from a part of the input and is the same.
public struct LinearInterpolation: Sendable, Equatable {
  /// Outputs per input.
  public let scale: Double
  /// libtorch copies a sequence whose length does not change, however it should have been shifted. Whether a sequence
  /// is that short is known only at its end, so nothing of it is certain before.
  public let copiesEqualLength: Bool

  public init(scale: Double, copiesEqualLength: Bool = false) {
    self.scale = scale
    self.copiesEqualLength = copiesEqualLength
  }

  /// Rows that `inputCount` rows become.
  public func outputCount(_ inputCount: Int) -> Int {
    Int((Double(inputCount) * scale).rounded(.down))
  }

  /// How an output row is mixed: `first (1 - weight) + second weight`.
  struct Tap: Equatable {
    var first: Int
    var second: Int
    var weight: Float
  }

  /// - Parameter inputCount: rows of the whole input, at whose end the last row is held; nil while the end is not
  ///   known and the output is far enough from it.
  func tap(_ output: Int, inputCount: Int?) -> Tap {
    if let inputCount, isCopy(inputCount) { return Tap(first: output, second: output, weight: 0) }
    // Float32 from here on, as libtorch computes positions.
    let step = Float(1 / scale)
    let position = max(0, step * (Float(output) + 0.5) - 0.5)
    let last = inputCount.map { max(0, $0 - 1) } ?? .max
    let first = min(Int(position), last)
    let second = first < last ? first + 1 : first
    return Tap(first: first, second: second, weight: min(max(0, position - Float(first)), 1))
  }

  /// The inputs that a range of outputs is mixed from.
  func inputs(for outputs: Range<Int>, inputCount: Int?) -> Range<Int> {
    guard let last = outputs.last else { return 0..<0 }
    let low = tap(outputs.lowerBound, inputCount: inputCount).first
    return low..<(tap(last, inputCount: inputCount).second + 1)
  }

  /// How many outputs are already certain when `inputCount` rows are there and more may follow.
  func certainOutputCount(_ inputCount: Int) -> Int {
    guard inputCount > 0, !isCopy(inputCount) else { return 0 }
    var count = outputCount(inputCount)
    // An output that mixes with the row after the last one is not certain yet.
    while count > 0, tap(count - 1, inputCount: nil).second >= inputCount { count -= 1 }
    return count
  }

  private func isCopy(_ inputCount: Int) -> Bool {
    copiesEqualLength && outputCount(inputCount) == inputCount
  }
}
