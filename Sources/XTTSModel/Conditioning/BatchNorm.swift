import Torch

/// Batch normalisation with the running statistics of the training.
struct BatchNorm {
  private let weight: Tensor
  private let bias: Tensor
  private let mean: Tensor
  private let variance: Tensor

  init(_ weights: ModelWeights, _ name: String, size: Int, device: Device) throws(ModelError) {
    weight = try weights.stored("\(name).weight", [size]).tensor(on: device)
    bias = try weights.stored("\(name).bias", [size]).tensor(on: device)
    mean = try weights.stored("\(name).running_mean", [size]).tensor(on: device)
    variance = try weights.stored("\(name).running_var", [size]).tensor(on: device)
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.batchNorm(weight: weight, bias: bias, mean: mean, variance: variance)
  }
}
