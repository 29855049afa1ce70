/// Interpolates the latents of some codes to some of the vocoder's frames.
struct LatentStretch: Sendable, Equatable {
  let stages: [LinearInterpolation]
  /// The rows of each stage, counted from the sequence's start: first the codes, last the frames.
  let rows: [Range<Int>]
  /// The number of rows of the whole sequence before each stage; nil while the end of the sequence is unknown.
  let totals: [Int?]

  /// The codes whose latents are the input.
  var codes: Range<Int> { rows.first ?? 0..<0 }
  /// The frames that are computed.
  var frames: Range<Int> { rows.last ?? 0..<0 }

  /// Maps `[codes, size]` to `[frames, size]`, row-major.
  func callAsFunction(_ latents: ArraySlice<Float>, size: Int) -> [Float] {
    var values = Array(latents)
    for (index, stage) in stages.enumerated() {
      values = stretch(
        values, size: size, by: stage, from: rows[index].lowerBound, to: rows[index + 1], total: totals[index])
    }
    return values
  }

  /// Maps `[rows, size]`, whose first row is row `offset` of the sequence, to the rows `outputs` of the next stage.
  private func stretch(
    _ rows: [Float], size: Int, by stage: LinearInterpolation, from offset: Int, to outputs: Range<Int>, total: Int?
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: outputs.count * size) { stretched, count in
      rows.withUnsafeBufferPointer { rows in
        for (index, output) in outputs.enumerated() {
          let tap = stage.tap(output, inputCount: total)
          let first = (tap.first - offset) * size, second = (tap.second - offset) * size
          for column in 0..<size {
            let value = rows[first + column] * (1 - tap.weight) + rows[second + column] * tap.weight
            stretched.initializeElement(at: index * size + column, to: value)
          }
        }
      }
      count = outputs.count * size
    }
  }
}
