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

  /// Another slot and another sequence in the batch must not change a sequence. The tolerance is
  /// float32 rounding, because the backend sums in another order for other shapes.
  @Test func sequencesDoNotSeeEachOther() throws {
    let first = try loaded.prompt("first", tokens: [5, 6, 7])
    let second = try loaded.prompt("second", tokens: [9, 8, 7, 6, 5])
    let capacity = loaded.longestSequence
    let alone = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: capacity)
    let shared = try TorchGPT(loaded.gptWeights, slotCount: 3, slotCapacity: capacity)
    try shared.prefill(slot: 2, prompt: second, rows: 0..<second.rowCount)
    // The slot is reused: its earlier content must have no effect.
    try shared.prefill(slot: 0, prompt: second, rows: 0..<second.rowCount)
    try alone.prefill(slot: 0, prompt: first, rows: 0..<first.rowCount)
    try shared.prefill(slot: 0, prompt: first, rows: 0..<first.rowCount)
    var code = loaded.configuration.gpt.startCode
    for index in 0..<6 {
      let row = DecodeRow(slot: 0, code: code, codeIndex: index, promptLength: first.rowCount)
      let neighbour = DecodeRow(slot: 2, code: index, codeIndex: index, promptLength: second.rowCount)
      let one = try alone.step([row])
      let two = try shared.step([neighbour, row])
      #expect(relativeDifference(Array(two.logits.suffix(one.logits.count)), one.logits) < 1e-5)
      #expect(relativeDifference(Array(two.hidden.suffix(one.hidden.count)), one.hidden) < 1e-5)
      code = 3 * index
    }
  }

  /// Prompts of different lengths, padded to one length, must give the same as each alone, up to float32 rounding.
  @Test func promptsGoInTogether() throws {
    let prompts = try [[5, 6, 7], [9, 8, 7, 6, 5, 4, 3], [2]].enumerated().map { index, tokens in
      PromptChunk(slot: 2 - index, prompt: try loaded.prompt("together \(index)", tokens: tokens))
    }
    let together = try TorchGPT(loaded.gptWeights, slotCount: 3, slotCapacity: loaded.longestSequence)
    let single = try TorchGPT(loaded.gptWeights, slotCount: 3, slotCapacity: loaded.longestSequence)
    try together.prefill(prompts)
    for prompt in prompts { try single.prefill([prompt]) }
    for index in 0..<3 {
      let rows = prompts.map {
        DecodeRow(slot: $0.slot, code: 4 * index, codeIndex: index, promptLength: $0.prompt.rowCount)
      }
      #expect(relativeDifference(try together.step(rows).logits, try single.step(rows).logits) < 1e-5)
    }
    #expect(throws: ModelError.self) { try together.prefill([prompts[0], prompts[0]]) }
  }

  /// Compares the decoder's own draws with ``CodeSampler``, for several concurrent sequences that begin, end and
  /// continue.
  @Test func drawsWhatTheSamplerDraws() throws {
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 4, slotCapacity: loaded.longestSequence)
    let sequences = try [[5, 6, 7], [9, 8], [3, 3, 3, 3]].enumerated().map { index, tokens in
      try RunningSequence(
        slot: [0, 3, 1][index], prompt: loaded.prompt("drawn \(index)", tokens: tokens), sampler: sampler(UInt64(index))
      )
    }
    for sequence in sequences {
      try gpt.prefill(slot: sequence.slot, prompt: sequence.prompt, rows: 0..<sequence.prompt.rowCount)
    }
    for turn in 0..<14 {
      let running = sequences.enumerated().filter { (turn + $0.offset) % 4 != 3 }.map(\.element)
      if turn == 9 { sequences[0].rewind(to: 3, sampler: sampler(77)) }
      let rows = running.map { $0.row(startCode: loaded.configuration.gpt.startCode) }
      let expected = try hostCodes(rows, running)
      // Each step runs twice, as after a failure.
      for _ in 0..<2 {
        let codes = try gpt.decode(rows, samplers: running.map(\.sampler)).map { try $0.code.get() }
        #expect(codes == expected, "turn \(turn)")
      }
      for (sequence, code) in zip(running, expected) { sequence.take(code) }
    }
  }

  /// With one shape for all steps, the bytes of a sequence are the same alone and together with others.
  @Test func pinnedStepsDoNotDependOnNeighbours() throws {
    let gpt = try TorchGPT(
      loaded.gptWeights, slotCount: 4, slotCapacity: loaded.longestSequence, pinsBucket: true)
    let (first, second) = (try loaded.prompt("a", tokens: [5, 6]), try loaded.prompt("b", tokens: [7, 8, 9]))
    var alone: [[Float]] = []
    for isAlone in [true, false] {
      try gpt.prefill([PromptChunk(slot: 1, prompt: first)])
      if !isAlone { try gpt.prefill([0, 3].map { PromptChunk(slot: $0, prompt: second) }) }
      for index in 0..<4 {
        var rows = [DecodeRow(slot: 1, code: index, codeIndex: index, promptLength: first.rowCount)]
        for slot in isAlone ? [] : [0, 3] {
          rows.append(DecodeRow(slot: slot, code: 9, codeIndex: index, promptLength: second.rowCount))
        }
        let logits = Array(try gpt.step(rows).logits.prefix(gpt.audioCodeCount))
        if isAlone { alone.append(logits) } else { #expect(logits == alone[index]) }
      }
    }
  }

  /// 16-bit weights and cache stay close to float32: a cosine of 0.999 at least, as on a GPU.
  @Test func bfloat16StaysClose() throws {
    let prompt = try loaded.prompt("p", tokens: [5, 6, 7])
    let exact = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence)
    let rounded = try TorchGPT(
      loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence, dtype: .bfloat16)
    for gpt in [exact, rounded] { try gpt.prefill([PromptChunk(slot: 0, prompt: prompt)]) }
    for index in 0..<5 {
      let row = DecodeRow(slot: 0, code: index, codeIndex: index, promptLength: prompt.rowCount)
      let (one, other) = (try exact.step([row]).logits, try rounded.step([row]).logits)
      #expect(cosine(one, other) >= 0.999)
      #expect(one != other)
    }
  }

  private func cosine(_ one: [Float], _ other: [Float]) -> Double {
    let dot = { (a: [Float], b: [Float]) in zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(one, other) / (dot(one, one) * dot(other, other)).squareRoot()
  }

  private func sampler(_ seed: UInt64) -> CodeSampler {
    CodeSampler(parameters: SamplingParameters(), seed: seed, configuration: loaded.configuration.gpt)
  }

  /// The codes of the usual way: the host reads the logits and draws.
  private func hostCodes(_ rows: [DecodeRow], _ sequences: [RunningSequence]) throws -> [Int] {
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 4, slotCapacity: loaded.longestSequence)
    return try zip(rows, sequences).map { row, sequence in
      try gpt.prefill(slot: row.slot, prompt: sequence.prompt, rows: 0..<sequence.prompt.rowCount)
      var logits: [Float] = []
      for index in 0...row.codeIndex {
        let code = index == 0 ? loaded.configuration.gpt.startCode : sequence.codes[index - 1]
        let next = DecodeRow(slot: row.slot, code: code, codeIndex: index, promptLength: row.promptLength)
        logits = try gpt.step([next]).logits
      }
      var sampler = sequence.sampler
      return try logits.withUnsafeBufferPointer { try sampler.next(logits: $0) }
    }
  }

  /// The state that the engine keeps for a sequence.
  private final class RunningSequence {
    let slot: Int
    let prompt: PromptEmbeddings
    var sampler: CodeSampler
    var codes: [Int] = []

    init(slot: Int, prompt: PromptEmbeddings, sampler: CodeSampler) {
      self.slot = slot
      self.prompt = prompt
      self.sampler = sampler
    }

    func row(startCode: Int) -> DecodeRow {
      DecodeRow(slot: slot, code: codes.last ?? startCode, codeIndex: codes.count, promptLength: prompt.rowCount)
    }

    func take(_ code: Int) {
      codes.append(code)
      sampler.remember(code)
    }

    func rewind(to count: Int, sampler: CodeSampler) {
      codes.removeSubrange(count...)
      self.sampler = sampler
      for code in codes { self.sampler.remember(code) }
    }
  }

  @Test func logitsAreTheHeadOfTheHiddenState() throws {
    let prompt = try loaded.prompt("p", tokens: [5])
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence)
    try gpt.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    let row = DecodeRow(
      slot: 0, code: loaded.configuration.gpt.startCode, codeIndex: 0, promptLength: prompt.rowCount)
    let output = try gpt.step([row])
    let weight = try loaded.gptWeights.headWeight.floats()
    let bias = try loaded.gptWeights.headBias.floats()
    let size = gpt.hiddenSize
    let expected = bias.indices.map { code in
      zip(weight[(code * size)..<((code + 1) * size)], output.hidden).reduce(bias[code]) { $0 + $1.0 * $1.1 }
    }
    #expect(relativeDifference(output.logits, expected) < 1e-5)
  }

  @Test func refusesWhatIsOutsideTheModel() throws {
    let prompt = try loaded.prompt("p", tokens: [5])
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 2, slotCapacity: prompt.rowCount + 2)
    try expectRefusals(of: gpt, prompt: prompt)
    #expect(throws: ModelError.self) { try TorchGPT(loaded.gptWeights, slotCount: 0, slotCapacity: 1) }
  }
}
