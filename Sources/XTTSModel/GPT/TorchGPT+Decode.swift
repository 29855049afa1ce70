import Torch

extension TorchGPT: GPTDecoder {
  /// See ``GPTDecoder/decode(_:samplers:)``.
  public func decode(_ rows: [DecodeRow], samplers: [CodeSampler]) throws(ModelError) -> [DecodedRow] {
    try ledger.check(rows, samplers: samplers, codes: audioCodeCount, codePositions: codePositionCount)
    guard !rows.isEmpty else { return [] }
    var codes: [Result<Int, ModelError>] = []
    var decoded: [DecodedRow] = []
    try ModelError.wrapping { () throws(TorchError) in
      for (row, sampler) in zip(rows, samplers) { try mark(row, sampler) }
      try step(zip(rows, samplers).map { ($0, $1) }) { results in
        latents.withUnsafeMutableBufferPointer { latents in
          for (index, row) in rows.enumerated() {
            for column in 0..<hiddenSize {
              latents[index * hiddenSize + column] = results[row.slot * (hiddenSize + 1) + column]
            }
          }
        }
        codes = rows.map { code(results[$0.slot * (hiddenSize + 1) + hiddenSize]) }
      }
      decoded = try rows.indices.map { index throws(TorchError) in
        DecodedRow(
          code: codes[index], latent: latents[(index * hiddenSize)..<((index + 1) * hiddenSize)],
          logits: rows[index].needsLogits ? try logits(ofSlot: rows[index].slot)[...] : [])
      }
    }
    ledger.noteStep(rows)
    for row in rows { advanceMarks(row) }
    return decoded
  }

  /// The code that the device drew; it is -1 if a logit was not finite.
  private func code(_ drawn: Float) -> Result<Int, ModelError> {
    guard let code = Int(exactly: drawn), (0..<audioCodeCount).contains(code) else {
      return .failure(CodeSampler.notANumber)
    }
    return .success(code)
  }
}
