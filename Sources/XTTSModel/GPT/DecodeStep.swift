import Torch

/// The inputs that all layers of one decode step share.
struct DecodeStep {
  let shape: StepBuckets.Shape
  /// The position of each row's new key and value, `[rows]` int64.
  let positions: Tensor
  /// The result of ``Tensor/positionMask(length:heads:dtype:)``.
  let mask: Tensor
}
