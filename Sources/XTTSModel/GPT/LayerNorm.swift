import Torch

/// A layer norm's tensors on their device.
struct LayerNorm {
  private let weight: Tensor
  private let bias: Tensor

  init(_ norm: GPTWeights.Norm, device: Device) throws(ModelError) {
    weight = try norm.weight.tensor(on: device)
    bias = try norm.bias.tensor(on: device)
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.layerNorm(weight: weight, bias: bias)
  }
}
