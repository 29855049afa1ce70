import SpeechCore

@testable import XTTSModel

extension XTTS {
  /// A prompt of random latents that `name` determines.
  func prompt(_ name: String, tokens: [Int]) throws(ModelError) -> PromptEmbeddings {
    try prompts.prompt(latents: noise(prompts.latentCount * prompts.hiddenSize, name), textTokens: tokens)
  }
}

extension GPTDecoder {
  /// One decode step with all logits: `[rows, audioCodeCount]` and `[rows, hiddenSize]`.
  func step(_ rows: [DecodeRow]) throws -> (logits: [Float], hidden: [Float]) {
    var configuration = try TestModel.configuration().gpt
    configuration.audioCodeCount = audioCodeCount
    let sampler = CodeSampler(
      parameters: SamplingParameters(), seed: 0, configuration: configuration, isGreedy: true)
    let rows = rows.map { row in
      var row = row
      row.needsLogits = true
      return row
    }
    let decoded = try decode(rows, samplers: Array(repeating: sampler, count: rows.count))
    return (decoded.flatMap(\.logits), decoded.flatMap(\.latent))
  }

  func prefill(slot: Int, prompt: PromptEmbeddings, rows: Range<Int>) throws(ModelError) {
    try prefill([PromptChunk(slot: slot, prompt: prompt, rows: rows)])
  }
}

extension CodeSampler {
  /// Draws the next code and remembers it.
  mutating func next(logits: UnsafeBufferPointer<Float>) throws(ModelError) -> Int {
    let code = try draw(logits: logits).get()
    remember(code)
    return code
  }
}
