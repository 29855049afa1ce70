/// Which input frames of the vocoder an output sample depends on, from the shapes of its layers.
public struct VocoderReceptiveField: Sendable, Equatable {
  enum Layer: Sendable, Equatable {
    /// Keeps the length; each output sees `reach` inputs on either side.
    case convolution(reach: Int)
    /// Multiplies the length by `stride`.
    case transposedConvolution(kernel: Int, stride: Int, padding: Int)
  }

  /// In the order of computation.
  let layers: [Layer]

  /// Samples that one frame becomes.
  public var samplesPerFrame: Int {
    layers.reduce(1) { product, layer in
      if case .transposedConvolution(_, let stride, _) = layer { product * stride } else { product }
    }
  }

  /// The frames that a range of samples depends on. Frames before the first and after the last one of a sequence are
  /// counted too: there the layers see zeros.
  public func frames(for samples: Range<Int>) -> Range<Int> {
    guard !samples.isEmpty else { return 0..<0 }
    var low = samples.lowerBound
    var high = samples.upperBound - 1
    for layer in layers.reversed() {
      switch layer {
      case .convolution(let reach):
        low -= reach
        high += reach
      case .transposedConvolution(let kernel, let stride, let padding):
        // Input i reaches outputs i stride - padding ... i stride - padding + kernel - 1.
        low = -Self.floor(-(low + padding - kernel + 1), stride)
        high = Self.floor(high + padding, stride)
      }
    }
    return low..<(high + 1)
  }

  private static func floor(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }
}
