import SpeechCore
import Testing

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

/// Expects that a GPT with two slots, both empty, refuses rows outside it.
func expectRefusals(of gpt: some GPTDecoder, prompt: PromptEmbeddings) throws {
  try gpt.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
  let good = DecodeRow(slot: 0, code: 0, codeIndex: 0, promptLength: prompt.rowCount)
  #expect(throws: Never.self) { try gpt.step([good]) }
  let change = { (edit: (inout DecodeRow) -> Void) in
    var row = good
    edit(&row)
    return row
  }
  for bad in [
    change { $0.slot = 2 }, change { $0.slot = 1 }, change { $0.code = -1 },
    change { $0.code = gpt.audioCodeCount }, change { $0.codeIndex = 2 }, change { $0.codeIndex = -1 },
    change { $0.promptLength -= 1 },
  ] {
    #expect(throws: ModelError.self) { try gpt.step([bad]) }
  }
  #expect(throws: ModelError.self) { try gpt.step([good, good]) }
  #expect(throws: ModelError.self) { try gpt.prefill(slot: 5, prompt: prompt, rows: 0..<1) }
  #expect(throws: ModelError.self) { try gpt.prefill(slot: 1, prompt: prompt, rows: 3..<5) }
  #expect(throws: ModelError.self) { try gpt.prefill(slot: 1, prompt: prompt, rows: 0..<500) }
}
