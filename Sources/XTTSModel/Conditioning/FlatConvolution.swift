import Torch

/// A two-dimensional convolution; its tensors are on the device.
struct FlatConvolution {
  private let weight: Tensor
  private let bias: Tensor?
  private let stride: Int
  private let padding: Int
  let outputCount: Int

  init(
    _ weights: ModelWeights, _ name: String, shape: [Int?], hasBias: Bool, stride: Int, device: Device
  ) throws(ModelError) {
    weight = try weights.stored("\(name).weight", shape).tensor(on: device)
    let size = weight.shape
    outputCount = size[0]
    padding = size[2] / 2
    bias = hasBias ? try weights.stored("\(name).bias", [size[0]]).tensor(on: device) : nil
    self.stride = stride
  }

  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.convolved2D(weight: weight, bias: bias, stride: stride, padding: padding)
  }
}
