import Checkpoint

/// A convolution in the checkpoint: its weight, or the weight's direction and length with weight norm, and its bias.
///
/// Source: Salimans, Kingma, "Weight normalization", 2016: weight = g v / |v|, per first dimension.
struct StoredConvolution {
  /// `[outputs, inputs, taps]`, or `[inputs, outputs, taps]` for a transposed convolution; row-major. With weight norm
  /// only its direction counts.
  let weight: StoredTensor
  /// `[first dimension, 1, 1]`; nil without weight norm.
  let length: StoredTensor?
  /// `[outputs]`; nil stands for zeros.
  let bias: StoredTensor?

  var shape: [Int] { weight.shape }

  /// Reads `name.weight`, or the direction and length that weight norm stores instead: under `parametrizations.weight`,
  /// or in older files as `weight_v` and `weight_g`. If `biasSize` is nil, there is no bias.
  init(_ weights: ModelWeights, _ name: String, shape: [Int?], biasSize: Int?) throws(ModelError) {
    let forms = [
      ("\(name).parametrizations.weight.original1", "\(name).parametrizations.weight.original0"),
      ("\(name).weight_v", "\(name).weight_g"),
    ]
    if let (direction, length) = forms.first(where: { weights.contains($0.0) }) {
      weight = try weights.stored(direction, shape)
      self.length = try weights.stored(length, [weight.shape[0], 1, 1])
    } else {
      weight = try weights.stored("\(name).weight", shape)
      length = nil
    }
    bias = try biasSize.map { size throws(ModelError) in try weights.stored("\(name).bias", [size]) }
  }

  /// The weight in row-major order.
  func values() throws(ModelError) -> [Float] {
    let values = try weight.floatValues()
    guard let length else { return values }
    return Self.fold(direction: values, length: try length.floatValues())
  }

  func biasValues() throws(ModelError) -> [Float] {
    try bias?.floatValues() ?? Array(repeating: 0, count: shape[0])
  }

  private static func fold(direction: [Float], length: [Float]) -> [Float] {
    let size = direction.count / length.count
    return [Float](unsafeUninitializedCapacity: direction.count) { folded, count in
      direction.withUnsafeBufferPointer { direction in
        for (row, g) in length.enumerated() {
          let range = (row * size)..<((row + 1) * size)
          var square = 0.0
          for index in range { square += Double(direction[index]) * Double(direction[index]) }
          let scale = g / Float(square.squareRoot())
          for index in range { folded.initializeElement(at: index, to: direction[index] * scale) }
        }
      }
      count = direction.count
    }
  }
}

extension StoredTensor {
  /// The values as float32. The file's pages are released.
  fileprivate func floatValues() throws(ModelError) -> [Float] {
    let values = try withFloats { Array($0) }
    discardPages()
    return values
  }
}
