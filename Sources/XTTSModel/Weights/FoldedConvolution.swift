import Torch

/// A convolution's weight and bias on their device, weight norm folded in.
struct FoldedConvolution {
  /// `[outputs, inputs, kernel]`, or `[inputs, outputs, kernel]` of a transposed one.
  let weight: Tensor
  let bias: Tensor?
  let kernel: Int

  /// Reads `name.weight`, or the direction and length that weight norm stores instead: under
  /// `parametrizations.weight`, or in older files as `weight_v` and `weight_g`.
  ///
  /// Source: Salimans, Kingma, "Weight normalization", 2016: weight = g v / |v|, per first dimension.
  init(
    _ weights: ModelWeights, _ name: String, shape: [Int?], biasSize: Int?, device: Device
  ) throws(ModelError) {
    let forms = [
      ("\(name).parametrizations.weight.original1", "\(name).parametrizations.weight.original0"),
      ("\(name).weight_v", "\(name).weight_g"),
    ]
    if let (direction, length) = forms.first(where: { weights.contains($0.0) }) {
      let v = try weights.stored(direction, shape)
      let g = try weights.stored(length, [v.shape[0], 1, 1])
      weight = try Self.fold(direction: try v.tensor(), length: try g.tensor(), device: device)
    } else {
      weight = try weights.stored("\(name).weight", shape).tensor(on: device)
    }
    kernel = weight.shape[2]
    bias = try biasSize.map { size throws(ModelError) in
      try weights.stored("\(name).bias", [size]).tensor(on: device)
    }
  }

  private static func fold(direction: Tensor, length: Tensor, device: Device) throws(ModelError) -> Tensor {
    try ModelError.wrapping { () throws(TorchError) in
      try (direction * (length / direction.norm(over: [1, 2]))).converted(to: .float32, on: device)
    }
  }
}
