import Synchronization
import XTTSModel

@testable import XTTSEngine

/// The real decoder, in which a test can cause faults.
final class FaultyDecoder: GPTDecoder {
  /// Shared between a test and the engine's thread.
  final class Faults: Sendable {
    struct State: Sendable {
      /// The next row with this prompt length gets a logit that is no number.
      var poisonedPromptLength: Int?
      /// Steps that hold such a row fail.
      var refusedPromptLength: Int?
      var failsPrefill = false
      /// Runs before each decode step.
      var onStep: (@Sendable (Int) -> Void)?
      var steps = 0
    }

    let state = Mutex(State())
  }

  private let decoder: any GPTDecoder
  private let faults: Faults

  init(_ decoder: any GPTDecoder, _ faults: Faults) {
    self.decoder = decoder
    self.faults = faults
  }

  var hiddenSize: Int { decoder.hiddenSize }
  var audioCodeCount: Int { decoder.audioCodeCount }
  var slotCount: Int { decoder.slotCount }
  var slotCapacity: Int { decoder.slotCapacity }

  func prefill(_ chunks: [PromptChunk]) throws(ModelError) {
    guard !faults.state.withLock({ $0.failsPrefill }) else { throw ModelError(.backend, "no memory, says the test") }
    try decoder.prefill(chunks)
  }

  func decode(_ rows: [DecodeRow], samplers: [CodeSampler]) throws(ModelError) -> [DecodedRow] {
    let state = faults.state.withLock { state in
      state.steps += 1
      return state
    }
    state.onStep?(state.steps)
    if let length = state.refusedPromptLength, rows.contains(where: { $0.promptLength == length }) {
      throw ModelError(.backend, "the step failed, says the test")
    }
    var decoded = try decoder.decode(rows, samplers: samplers)
    for (index, row) in rows.enumerated() where row.promptLength == state.poisonedPromptLength {
      decoded[index].code = .failure(ModelError(.backend, "a logit is not a number, says the test"))
    }
    return decoded
  }
}

extension SmallModel {
  static func engine(
    _ faults: FaultyDecoder.Faults, _ options: EngineOptions = EngineOptions()
  ) async throws -> XTTSEngine {
    try await engine(options) { backend in
      var backend = backend
      backend.decoder = FaultyDecoder(backend.decoder, faults)
      return backend
    }
  }
}
