import Torch

/// What the layers of one decode step share.
struct DecodeStep {
  let shape: StepBuckets.Shape
  /// `[rows]` int64: where each row's keys and values go.
  let positions: Tensor
  /// Of ``Tensor/positionMask(length:heads:dtype:)``.
  let mask: Tensor
}
