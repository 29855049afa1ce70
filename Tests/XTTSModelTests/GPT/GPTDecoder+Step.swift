@testable import XTTSModel

extension XTTS {
  /// A prompt of made-up latents, told apart by `name`.
  func prompt(_ name: String, tokens: [Int]) throws(ModelError) -> PromptEmbeddings {
    try prompts.prompt(latents: noise(prompts.latentCount * prompts.hiddenSize, name), textTokens: tokens)
  }
}

extension GPTDecoder {
  /// One decode step; what it leaves unwritten is not a number.
  func step(_ rows: [DecodeRow]) throws -> (logits: [Float], hidden: [Float]) {
    var logits = [Float](repeating: .nan, count: rows.count * audioCodeCount)
    var hidden = [Float](repeating: .nan, count: rows.count * hiddenSize)
    try logits.withUnsafeMutableBufferPointer { logits in
      try hidden.withUnsafeMutableBufferPointer { hidden in try decode(rows, logits: logits, hidden: hidden) }
    }
    return (logits, hidden)
  }
}
