import Torch

/// A residual block with squeeze-and-excitation: each channel is scaled by a factor computed from the means of all
/// channels.
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

  /// Maps `[1, inputs, height, width]` to `[1, outputCount, height / stride, width / stride]`.
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
