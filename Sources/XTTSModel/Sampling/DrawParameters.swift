/// All that a device needs to draw one code as a ``CodeSampler`` would, besides the logits and the codes used so far.
///
/// The random number is the sampler's own. What is computed from the logits agrees to the last bit but for the device's
/// exponential function and order of summation, which may differ by 1e-7 in the share that top-p compares and by 1e-15
/// in the distribution that is drawn from: another code is drawn only where a border lies within that.
public struct DrawParameters: Sendable, Equatable {
  public var penalty: Float
  public var temperature: Float
  /// From 1 to the number of codes.
  public var topK: Int
  /// The least likely codes that together have at most this share are dropped; negative drops none.
  public var droppedShare: Float
  /// In 0..<1.
  public var uniform: Double
  public var isGreedy: Bool
  public var suppressedCode: Int?

  /// The best score; no penalty.
  public static let greedy = DrawParameters(
    penalty: 1, temperature: 1, topK: 1, droppedShare: -1, uniform: 0, isGreedy: true, suppressedCode: nil)
}
