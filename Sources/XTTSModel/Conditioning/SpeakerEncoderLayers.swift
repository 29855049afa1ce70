import Torch

/// A two-dimensional convolution on its device.
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

/// Batch normalisation with the statistics of training.
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

/// A residual block with squeeze-and-excitation: channels are weighted by what their means say.
///
/// Source: upstream `SEBasicBlock`, which normalises after the activation.
struct ResidualSpeakerBlock {
  private let first: FlatConvolution
  private let firstNorm: BatchNorm
  private let second: FlatConvolution
  private let secondNorm: BatchNorm
  private let squeeze: (weight: Tensor, bias: Tensor)
  private let excite: (weight: Tensor, bias: Tensor)
  private let shortcut: (convolution: FlatConvolution, norm: BatchNorm)?
  let outputCount: Int

  init(
    _ weights: ModelWeights, _ name: String, inputs: Int, stride: Int, device: Device
  ) throws(ModelError) {
    first = try FlatConvolution(
      weights, "\(name).conv1", shape: [nil, inputs, 3, 3], hasBias: false, stride: stride, device: device)
    let size = first.outputCount
    outputCount = size
    firstNorm = try BatchNorm(weights, "\(name).bn1", size: size, device: device)
    second = try FlatConvolution(
      weights, "\(name).conv2", shape: [size, size, 3, 3], hasBias: false, stride: 1, device: device)
    secondNorm = try BatchNorm(weights, "\(name).bn2", size: size, device: device)
    let squeezed = try weights.stored("\(name).se.fc.0.weight", [nil, size]).tensor(on: device)
    let narrow = squeezed.shape[0]
    squeeze = (squeezed, try weights.stored("\(name).se.fc.0.bias", [narrow]).tensor(on: device))
    excite = (
      try weights.stored("\(name).se.fc.2.weight", [size, narrow]).tensor(on: device),
      try weights.stored("\(name).se.fc.2.bias", [size]).tensor(on: device)
    )
    if stride != 1 || inputs != size {
      shortcut = (
        try FlatConvolution(
          weights, "\(name).downsample.0", shape: [size, inputs, 1, 1], hasBias: false, stride: stride,
          device: device),
        try BatchNorm(weights, "\(name).downsample.1", size: size, device: device)
      )
    } else {
      shortcut = nil
    }
  }

  /// `[1, inputs, height, width]` to `[1, outputCount, height / stride, width / stride]`.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let inner = try first(x)
    try inner.applyRelu()
    let output = try secondNorm(try second(try firstNorm(inner)))
    let means = try output.mean(3).mean(2)
    let gates = try means.linear(weight: squeeze.weight, bias: squeeze.bias).relu()
      .linear(weight: excite.weight, bias: excite.bias).sigmoid()
    let gated = try output * gates.reshaped([1, outputCount, 1, 1])
    try gated.add(try shortcut.map { part throws(TorchError) in try part.norm(try part.convolution(x)) } ?? x)
    try gated.applyRelu()
    return gated
  }
}

/// Mean and deviation over time, weighted by attention.
///
/// Source: Okabe, Koshinaka, Shinoda, "Attentive statistics pooling", 2018.
struct AttentiveStatisticsPooling {
  private let input: FoldedConvolution
  private let norm: BatchNorm
  private let output: FoldedConvolution

  init(_ weights: ModelWeights, _ name: String, size: Int, device: Device) throws(ModelError) {
    let width = try weights.shape(of: "\(name).0.bias").first ?? 0
    input = try FoldedConvolution(weights, "\(name).0", shape: [width, size, 1], biasSize: width, device: device)
    norm = try BatchNorm(weights, "\(name).2", size: width, device: device)
    output = try FoldedConvolution(weights, "\(name).3", shape: [size, width, 1], biasSize: size, device: device)
  }

  /// `[1, size, frames]` to `[1, 2 size]`.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let inner = try x.convolved1D(weight: input.weight, bias: input.bias)
    try inner.applyRelu()
    let weights = try norm(inner).convolved1D(weight: output.weight, bias: output.bias).softmax(2)
    let mean = try (x * weights).sum(2)
    let square = try (x.squared() * weights).sum(2)
    let deviation = try (square - mean.squared()).clamped(minimum: 1e-5).squareRoot()
    return try Tensor.concatenated([mean, deviation], dim: 1)
  }
}
