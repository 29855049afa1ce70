import Torch

/// A multi-receptive-field block of HiFi-GAN: pairs of convolutions. The first convolution of each pair is dilated, and
/// the result of each pair is added to its input.
struct ResidualBlock {
  static let slope = 0.1

  private let pairs: [(dilated: FoldedConvolution, plain: FoldedConvolution, dilation: Int)]

  /// The number of inputs on either side that an output depends on.
  let reach: Int

  init(_ stored: [HiFiGANWeights.Pair], device: Device) throws(ModelError) {
    pairs = try stored.map { pair throws(ModelError) in
      (
        try FoldedConvolution(pair.dilated, device: device), try FoldedConvolution(pair.plain, device: device),
        pair.dilation
      )
    }
    reach = pairs.reduce(0) { $0 + $1.dilated.kernel / 2 * $1.dilation + $1.plain.kernel / 2 }
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
}
