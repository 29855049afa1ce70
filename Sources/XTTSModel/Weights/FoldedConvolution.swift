import Torch

/// A convolution's weight and bias on their device, with weight norm folded in.
struct FoldedConvolution {
  /// `[outputs, inputs, kernel]`, or `[inputs, outputs, kernel]` for a transposed convolution.
  let weight: Tensor
  let bias: Tensor?
  let kernel: Int

  init(_ stored: StoredConvolution, device: Device) throws(ModelError) {
    if let length = stored.length {
      let (direction, length) = (try stored.weight.tensor(), try length.tensor())
      weight = try ModelError.wrapping { () throws(TorchError) in
        try (direction * (length / direction.norm(over: [1, 2]))).converted(to: .float32, on: device)
      }
    } else {
      weight = try stored.weight.tensor(on: device)
    }
    bias = try stored.bias?.tensor(on: device)
    kernel = stored.shape[2]
  }

  /// See ``StoredConvolution/init(_:_:shape:biasSize:)``.
  init(
    _ weights: ModelWeights, _ name: String, shape: [Int?], biasSize: Int?, device: Device
  ) throws(ModelError) {
    try self.init(StoredConvolution(weights, name, shape: shape, biasSize: biasSize), device: device)
  }
}
