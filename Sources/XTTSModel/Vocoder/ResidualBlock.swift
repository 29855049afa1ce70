import Torch

/// A multi-receptive-field block of HiFi-GAN (its type 1): three pairs of convolutions. The first convolution of each
/// pair is dilated, and the result of each pair is added to its input.
///
/// Source: Kong, Kim, Bae, "HiFi-GAN", 2020; upstream `ResBlock1`.
struct ResidualBlock {
  static let slope = 0.1
  /// The values of the published model; a checkpoint does not contain them.
  private static let dilations = [1, 3, 5]

  private let pairs: [(dilated: FoldedConvolution, plain: FoldedConvolution, dilation: Int)]

  /// The number of inputs on either side that an output depends on.
  let reach: Int

  init(_ weights: ModelWeights, _ name: String, channels: Int, device: Device) throws(ModelError) {
    var pairs: [(dilated: FoldedConvolution, plain: FoldedConvolution, dilation: Int)] = []
    var reach = 0
    for (index, dilation) in Self.dilations.enumerated() {
      let dilated = try Self.convolution(weights, "\(name).convs1.\(index)", channels: channels, device: device)
      let plain = try Self.convolution(weights, "\(name).convs2.\(index)", channels: channels, device: device)
      reach += (dilated.kernel / 2) * dilation + plain.kernel / 2
      pairs.append((dilated, plain, dilation))
    }
    self.pairs = pairs
    self.reach = reach
  }

  /// Maps `[1, channels, n]` to the same shape. The input is not changed.
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var output = x
    for pair in pairs {
      let padding = pair.dilated.kernel / 2 * pair.dilation
      let inner = try output.leakyRelu(slope: Self.slope)
        .convolved1D(
          weight: pair.dilated.weight, bias: pair.dilated.bias, padding: padding, dilation: pair.dilation)
      try inner.applyLeakyRelu(slope: Self.slope)
      let next = try inner.convolved1D(
        weight: pair.plain.weight, bias: pair.plain.bias, padding: pair.plain.kernel / 2)
      try next.add(output)
      output = next
    }
    return output
  }

  private static func convolution(
    _ weights: ModelWeights, _ name: String, channels: Int, device: Device
  ) throws(ModelError) -> FoldedConvolution {
    let convolution = try FoldedConvolution(
      weights, name, shape: [channels, channels, nil], biasSize: channels, device: device)
    guard convolution.kernel % 2 == 1 else {
      throw ModelError(.inconsistent, "\(name) has a kernel of \(convolution.kernel), expected an odd one")
    }
    return convolution
  }
}
