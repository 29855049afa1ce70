import Torch

/// The mean and the standard deviation over time, weighted by attention.
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

  /// Maps `[1, size, frames]` to `[1, 2 size]`.
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
