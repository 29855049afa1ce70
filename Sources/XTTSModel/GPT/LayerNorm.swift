import Torch

/// The tensors of a layer norm on their device.
struct LayerNorm {
  private let weight: Tensor
  private let bias: Tensor

  init(_ norm: GPTWeights.Norm, device: Device, dtype: DType = .float32) throws(ModelError) {
    weight = try norm.weight.tensor(on: device, as: dtype)
    bias = try norm.bias.tensor(on: device, as: dtype)
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.layerNorm(weight: weight, bias: bias)
  }
}
