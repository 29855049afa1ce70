@testable import XTTSModel

extension XTTS {
  /// A prompt of random latents that `name` determines.
  func prompt(_ name: String, tokens: [Int]) throws(ModelError) -> PromptEmbeddings {
    try prompts.prompt(latents: noise(prompts.latentCount * prompts.hiddenSize, name), textTokens: tokens)
  }
}

extension GPTDecoder {
  /// One decode step. Outputs that it does not write are NaN.
  func step(_ rows: [DecodeRow]) throws -> (logits: [Float], hidden: [Float]) {
    var logits = [Float](repeating: .nan, count: rows.count * audioCodeCount)
    var hidden = [Float](repeating: .nan, count: rows.count * hiddenSize)
    try logits.withUnsafeMutableBufferPointer { logits in
      try hidden.withUnsafeMutableBufferPointer { hidden in try decode(rows, logits: logits, hidden: hidden) }
    }
    return (logits, hidden)
  }
}
