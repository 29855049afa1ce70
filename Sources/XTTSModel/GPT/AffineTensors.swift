import Torch

/// A matrix or the scale of a layer norm, and its bias, on their device.
struct AffineTensors {
  private let weight: Tensor
  private let bias: Tensor

  init(_ stored: GPTWeights.Affine, device: Device, dtype: DType = .float32) throws(ModelError) {
    weight = try stored.weight.tensor(on: device, as: dtype)
    bias = try stored.bias.tensor(on: device, as: dtype)
  }

  /// `x weight + bias`.
  func product(_ x: Tensor) throws(TorchError) -> Tensor { try x.affine(weight: weight, bias: bias) }

  /// `GELU(x weight + bias)`.
  func productWithGelu(_ x: Tensor) throws(TorchError) -> Tensor { try x.affineGelu(weight: weight, bias: bias) }

  /// The layer norm of `x`.
  func norm(_ x: Tensor) throws(TorchError) -> Tensor { try x.layerNorm(weight: weight, bias: bias) }
}
