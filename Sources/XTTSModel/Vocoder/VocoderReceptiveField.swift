/// The input frames of the vocoder that an output sample depends on, derived from the shapes of its layers.
struct VocoderReceptiveField: Sendable, Equatable {
  enum Layer: Sendable, Equatable {
    /// Keeps the length; each output depends on `reach` inputs on either side.
    case convolution(reach: Int)
    /// Keeps the length: parallel chains of convolutions, whose results are added.
    case parallel([[Convolution]])
    /// Multiplies the length by `stride`.
    case transposedConvolution(kernel: Int, stride: Int, padding: Int)
  }

  /// A convolution that is computed in tiles of `tile` rows. An output depends on the inputs of its whole tile: from
  /// `before` inputs before the tile's first row to `after` inputs after its last row.
  struct Convolution: Sendable, Equatable {
    var tile: Int
    var before: Int
    var after: Int

    func inputs(for outputs: Range<Int>) -> Range<Int> {
      let first = floor(outputs.lowerBound, tile) * tile
      let end = -floor(-outputs.upperBound, tile) * tile
      return (first - before)..<(end + after)
    }

    /// The number of outputs, from the sequence's first, that `count` inputs determine; a multiple of the tile.
    func certainOutputs(_ count: Int) -> Int { max(0, floor(count - after, tile) * tile) }
  }

  /// The layers in the order of computation.
  let layers: [Layer]

  /// The number of samples per frame.
  var samplesPerFrame: Int {
    layers.reduce(1) { product, layer in
      if case .transposedConvolution(_, let stride, _) = layer { product * stride } else { product }
    }
  }

  /// The number of samples, from the sequence's first, that no frame after the first `frameCount` frames changes.
  func certainSampleCount(frameCount: Int) -> Int {
    layers.reduce(frameCount) { rows, layer in
      switch layer {
      case .convolution(let reach): max(0, rows - reach)
      case .parallel(let chains):
        chains.map { chain in chain.reduce(rows) { $1.certainOutputs($0) } }.min() ?? rows
      case .transposedConvolution(_, let stride, let padding): max(0, rows * stride - padding)
      }
    }
  }

  /// The frames that a range of samples depends on. The range may extend beyond the first and the last frame of the
  /// sequence; there the layers read zeros.
  func frames(for samples: Range<Int>) -> Range<Int> {
    guard !samples.isEmpty else { return 0..<0 }
    var rows = samples
    for layer in layers.reversed() {
      switch layer {
      case .convolution(let reach):
        rows = (rows.lowerBound - reach)..<(rows.upperBound + reach)
      case .parallel(let chains):
        let needed = chains.map { chain in chain.reversed().reduce(rows) { $1.inputs(for: $0) } }
        rows = needed.reduce(rows) { min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound) }
      case .transposedConvolution(let kernel, let stride, let padding):
        // Input i contributes to the outputs i stride - padding ... i stride - padding + kernel - 1.
        let first = -floor(-(rows.lowerBound + padding - kernel + 1), stride)
        rows = first..<(floor(rows.upperBound - 1 + padding, stride) + 1)
      }
    }
    return rows
  }
}

/// The quotient, rounded down.
private func floor(_ value: Int, _ divisor: Int) -> Int {
  value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
}
