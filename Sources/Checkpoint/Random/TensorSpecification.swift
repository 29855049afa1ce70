/// One tensor of a checkpoint: its published name and its shape.
public struct TensorSpecification: Sendable, Equatable {
  public let name: String
  public let shape: [Int]
  /// Batch-norm counters are int64, all else floating point.
  public let isCounter: Bool

  init(_ name: String, _ shape: [Int], isCounter: Bool = false) {
    self.name = name
    self.shape = shape
    self.isCounter = isCounter
  }
}
