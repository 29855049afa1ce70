import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct TorchGPTTests {
  private let model: TestModel
  private let loaded: XTTS

  init() throws {
    model = try TestModel()
    loaded = try model.load()
  }

  private func prompt(_ name: String, tokens: [Int]) throws(ModelError) -> PromptEmbeddings {
    let builder = loaded.prompts
    return try builder.prompt(latents: noise(builder.latentCount * builder.hiddenSize, name), textTokens: tokens)
  }

  private func step(_ gpt: TorchGPT, _ rows: [DecodeRow]) throws -> (logits: [Float], hidden: [Float]) {
    var logits = [Float](repeating: 0, count: rows.count * gpt.audioCodeCount)
    var hidden = [Float](repeating: 0, count: rows.count * gpt.hiddenSize)
    try logits.withUnsafeMutableBufferPointer { logits in
      try hidden.withUnsafeMutableBufferPointer { hidden in try gpt.decode(rows, logits: logits, hidden: hidden) }
    }
    return (logits, hidden)
  }

  /// Chunked prefill, another slot and a neighbour in the batch must not change a sequence. The tolerance is float32
  /// rounding: the backend's products sum in another order for other shapes.
  @Test func sequencesDoNotSeeEachOther() throws {
    let first = try prompt("first", tokens: [5, 6, 7])
    let second = try prompt("second", tokens: [9, 8, 7, 6, 5])
    let capacity = loaded.longestSequence
    let alone = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: capacity)
    let shared = try TorchGPT(loaded.gptWeights, slotCount: 3, slotCapacity: capacity)
    try shared.prefill(slot: 2, prompt: second, rows: 0..<second.rowCount)
    // The slot is used again: what it held must not show.
    try shared.prefill(slot: 0, prompt: second, rows: 0..<second.rowCount)
    try alone.prefill(slot: 0, prompt: first, rows: 0..<first.rowCount)
    for rows in [0..<5, 5..<6, 6..<first.rowCount] { try shared.prefill(slot: 0, prompt: first, rows: rows) }
    var code = loaded.configuration.gpt.startCode
    for index in 0..<6 {
      let row = DecodeRow(slot: 0, code: code, codeIndex: index, promptLength: first.rowCount)
      let neighbour = DecodeRow(slot: 2, code: index, codeIndex: index, promptLength: second.rowCount)
      let one = try step(alone, [row])
      let two = try step(shared, [neighbour, row])
      #expect(relativeDifference(Array(two.logits.suffix(one.logits.count)), one.logits) < 1e-5)
      #expect(relativeDifference(Array(two.hidden.suffix(one.hidden.count)), one.hidden) < 1e-5)
      code = 3 * index
    }
  }

  @Test func logitsAreTheHeadOfTheHiddenState() throws {
    let prompt = try prompt("p", tokens: [5])
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence)
    try gpt.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    let row = DecodeRow(
      slot: 0, code: loaded.configuration.gpt.startCode, codeIndex: 0, promptLength: prompt.rowCount)
    let output = try step(gpt, [row])
    let weight = try loaded.gptWeights.headWeight.floats()
    let bias = try loaded.gptWeights.headBias.floats()
    let size = gpt.hiddenSize
    let expected = bias.indices.map { code in
      zip(weight[(code * size)..<((code + 1) * size)], output.hidden).reduce(bias[code]) { $0 + $1.0 * $1.1 }
    }
    #expect(relativeDifference(output.logits, expected) < 1e-5)
  }

  @Test func refusesWhatIsOutsideTheModel() throws {
    let prompt = try prompt("p", tokens: [5])
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 2, slotCapacity: prompt.rowCount + 2)
    try gpt.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    let good = DecodeRow(slot: 0, code: 0, codeIndex: 0, promptLength: prompt.rowCount)
    #expect(throws: Never.self) { try step(gpt, [good]) }
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
      #expect(throws: ModelError.self) { try step(gpt, [bad]) }
    }
    #expect(throws: ModelError.self) { try step(gpt, [good, good]) }
    #expect(throws: ModelError.self) { try gpt.prefill(slot: 5, prompt: prompt, rows: 0..<1) }
    #expect(throws: ModelError.self) { try gpt.prefill(slot: 1, prompt: prompt, rows: 3..<5) }
    #expect(throws: ModelError.self) { try gpt.prefill(slot: 1, prompt: prompt, rows: 0..<500) }
    #expect(throws: ModelError.self) { try TorchGPT(loaded.gptWeights, slotCount: 0, slotCapacity: 1) }
  }
}
