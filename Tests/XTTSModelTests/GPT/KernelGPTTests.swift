import CKernels
import Checkpoint
import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct KernelGPTTests {
  private let model: TestModel
  private let loaded: XTTS

  init() throws {
    model = try TestModel()
    loaded = try model.load()
  }

  private func decoder(
    _ precision: KernelPrecision, slots: Int = 1, threads: Int = 2,
    _ instructionSet: KernelContext.InstructionSet = .best
  ) throws(ModelError) -> KernelGPT {
    try KernelGPT(
      loaded.gptWeights, precision: precision, slotCount: slots, slotCapacity: loaded.longestSequence,
      context: KernelContext(threads: threads, instructionSet: instructionSet))
  }

  private func best(_ logits: [Float]) -> Int {
    logits.indices.max { logits[$0] < logits[$1] } ?? 0
  }

  private static var instructionSets: [KernelContext.InstructionSet] {
    let all = KernelContext.InstructionSet.allCases
    return Array(all.prefix((all.firstIndex(of: .best) ?? 0) + 1))
  }

  /// Compared with libtorch in greedy decoding: the codes are equal, and the logits agree up to float32 rounding.
  @Test(arguments: instructionSets)
  func float32MatchesTorch(_ instructionSet: KernelContext.InstructionSet) throws {
    let prompt = try loaded.prompt("first", tokens: [5, 6, 7])
    let reference = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence)
    let kernels = try decoder(.float32, instructionSet)
    try reference.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    try kernels.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    var code = loaded.configuration.gpt.startCode
    for index in 0..<20 {
      let row = DecodeRow(slot: 0, code: code, codeIndex: index, promptLength: prompt.rowCount)
      let expected = try reference.step([row])
      let output = try kernels.step([row])
      #expect(relativeDifference(output.logits, expected.logits) < 1e-5)
      #expect(relativeDifference(output.hidden, expected.hidden) < 1e-5)
      code = best(expected.logits)
      #expect(best(output.logits) == code)
    }
  }

  /// With 8 bits the logits keep their direction. The bound is that of this small model: its sums have fewer inputs, so
  /// rounding errors average out less than in the published model.
  @Test(arguments: instructionSets)
  func int8StaysCloseToFloat32(_ instructionSet: KernelContext.InstructionSet) throws {
    let prompt = try loaded.prompt("first", tokens: [5, 6, 7])
    let float32 = try decoder(.float32, instructionSet)
    let int8 = try decoder(.int8, instructionSet)
    try float32.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    try int8.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    var code = loaded.configuration.gpt.startCode
    for index in 0..<20 {
      let row = DecodeRow(slot: 0, code: code, codeIndex: index, promptLength: prompt.rowCount)
      let expected = try float32.step([row])
      #expect(relativeDifference(try int8.step([row]).logits, expected.logits) < 0.05)
      code = best(expected.logits)
    }
  }

  /// A sequence gives the same bytes while other slots begin, end and are reused, with a prompt in chunks and any
  /// number of threads.
  @Test(arguments: [KernelPrecision.float32, .int8], instructionSets)
  func sequencesAreIndependent(
    precision: KernelPrecision, instructionSet: KernelContext.InstructionSet
  ) throws {
    let sequences = try (0..<5).map { index in
      try loaded.prompt("sequence \(index)", tokens: (0...(3 * index)).map { 5 + $0 })
    }
    let steps = 12
    let single = try decoder(precision, threads: 1, instructionSet)
    let expected = try sequences.map { prompt in
      try single.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
      return try (0..<steps).map { index in
        try single.step([DecodeRow(slot: 0, code: 7 * index, codeIndex: index, promptLength: prompt.rowCount)])
      }
    }
    for threads in [1, 2, 3] {
      let shared = try decoder(precision, slots: 3, threads: threads, instructionSet)
      var random = ScheduleRandom(state: UInt64(threads))
      var running: [(sequence: Int, next: Int)?] = [nil, nil, nil]
      for _ in 0..<40 {
        for slot in running.indices where running[slot] == nil && random.next() % 2 == 0 {
          let sequence = Int(random.next() % UInt64(sequences.count))
          let count = sequences[sequence].rowCount
          let cut = 1 + Int(random.next() % UInt64(count - 1))
          for rows in [0..<cut, cut..<count] {
            try shared.prefill(slot: slot, prompt: sequences[sequence], rows: rows)
          }
          running[slot] = (sequence, 0)
        }
        var rows: [DecodeRow] = []
        for slot in running.indices.reversed() {
          guard let state = running[slot] else { continue }
          rows.append(
            DecodeRow(
              slot: slot, code: 7 * state.next, codeIndex: state.next,
              promptLength: sequences[state.sequence].rowCount))
        }
        guard !rows.isEmpty else { continue }
        let output = try shared.step(rows)
        for (index, row) in rows.enumerated() {
          guard let state = running[row.slot] else { continue }
          let own = expected[state.sequence][state.next]
          let size = own.logits.count, width = own.hidden.count
          #expect(output.logits[(index * size)..<((index + 1) * size)] == own.logits[...])
          #expect(output.hidden[(index * width)..<((index + 1) * width)] == own.hidden[...])
          running[row.slot] = state.next + 1 == steps ? nil : (state.sequence, state.next + 1)
        }
      }
    }
  }

  /// Prompts with equal first rows share the keys and values of these rows, between slots and within one; no other rows
  /// are shared.
  @Test(arguments: [KernelPrecision.float32, .int8])
  func sharedBeginningsChangeNothing(precision: KernelPrecision) throws {
    let latentCount = loaded.prompts.latentCount
    let prompts = try [("a", [5, 6, 7]), ("a", [5, 8]), ("b", [5, 6, 7]), ("a", [5, 6, 7]), ("a", [9])].map {
      try loaded.prompt($0.0, tokens: $0.1)
    }
    let outputs = { (gpt: KernelGPT, slot: Int, prompt: PromptEmbeddings) in
      try (0..<3).map { index in
        try gpt.step([DecodeRow(slot: slot, code: 7, codeIndex: index, promptLength: prompt.rowCount)]).logits
      }
    }
    let shared = try decoder(precision, slots: 2)
    for (index, prompt) in prompts.enumerated() {
      let fresh = try decoder(precision)
      try fresh.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
      // Slots 0, 1, 0, 1, 1: the rows are copied, replaced, or already in the slot.
      let slot = [0, 1, 0, 1, 1][index]
      let reused = shared.heldPrompts.map {
        $0.sharedRows(with: prompt, hiddenSize: shared.hiddenSize, limit: prompt.rowCount)
      }
      #expect((reused.max() ?? 0 >= latentCount) == [false, true, false, true, true][index])
      try shared.prefill(slot: slot, prompt: prompt, rows: 0..<latentCount)
      try shared.prefill(slot: slot, prompt: prompt, rows: latentCount..<prompt.rowCount)
      #expect(try outputs(shared, slot, prompt) == outputs(fresh, 0, prompt))
    }
  }

  @Test func promptsLongerThanAPassArePrefilledWhole() throws {
    let width = loaded.gptWeights.hiddenSize
    let count = KernelGPT.maximumRows + 37
    let prompt = PromptEmbeddings(values: noise(count * width), rowCount: count)
    let context = try KernelContext(threads: 2)
    let outputs = try [[0..<count], [0..<1, 1..<140, 140..<count]].map { chunks in
      let gpt = try KernelGPT(
        loaded.gptWeights, precision: .int8, slotCount: 1, slotCapacity: count + 1, context: context)
      for rows in chunks { try gpt.prefill(slot: 0, prompt: prompt, rows: rows) }
      return try gpt.step([DecodeRow(slot: 0, code: 1, codeIndex: 0, promptLength: count)]).logits
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func refusesWhatIsOutsideTheModel() throws {
    let prompt = try loaded.prompt("p", tokens: [5])
    let context = try KernelContext(threads: 1)
    let gpt = try KernelGPT(
      loaded.gptWeights, precision: .float32, slotCount: 2, slotCapacity: prompt.rowCount + 2, context: context)
    try expectRefusals(of: gpt, prompt: prompt)
    #expect(throws: ModelError.self) { try KernelContext(threads: 0) }
    for (slots, capacity) in [(0, 16), (1, 0), (1, 9000)] {
      #expect(throws: ModelError.self) {
        try KernelGPT(
          loaded.gptWeights, precision: .int8, slotCount: slots, slotCapacity: capacity, context: context)
      }
    }
  }
}

/// The random numbers of a schedule: the upper half of a linear congruential generator, the same in every run.
struct ScheduleRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
