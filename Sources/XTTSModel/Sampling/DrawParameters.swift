/// The inputs for drawing one code on a device as a ``CodeSampler`` would draw it, except the logits and the used
/// codes.
///
/// The random number comes from the sampler. The values computed from the logits agree with the sampler's to the last
/// bit, with one exception: the device's exponential function and order of summation may differ by 1e-7 in the share
/// that top-p compares and by 1e-15 in the distribution that is drawn from. Another code is drawn only where a boundary
/// lies within that difference.
public struct DrawParameters: Sendable, Equatable {
  /// The repetition penalty; 1 is off.
  public var penalty: Float
  /// The divisor of the scores.
  public var temperature: Float
  /// From 1 to the number of codes.
  public var topK: Int
  /// The least likely codes with at most this total share are removed; a negative value removes none.
  public var droppedShare: Float
  /// The random number, in 0..<1.
  public var uniform: Double
  /// Whether the code with the best score after the penalty is taken.
  public var isGreedy: Bool
  /// A code that is never drawn.
  public var suppressedCode: Int?

  /// Takes the code with the best score, without a penalty.
  public static let greedy = DrawParameters(
    penalty: 1, temperature: 1, topK: 1, droppedShare: -1, uniform: 0, isGreedy: true, suppressedCode: nil)
}
