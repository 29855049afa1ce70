import SpeechCore
import Synchronization
import XTTSModel

extension EngineLoop {
  /// The codes of the warm-up's sequences: the fewest that run every kernel, because the start waits for them.
  private static let warmUpCodes = 2

  /// Synthesises a few codes in up to two slots, so that no request pays for first calls. Metrics don't count them.
  /// - Throws: ``ModelError`` if the model fails.
  func warmUp(_ loaded: LoadedEngine) throws(ModelError) {
    let failure = Mutex<SpeechError?>(nil)
    let codes = min(Self.warmUpCodes, backend.configuration.gpt.maximumAudioCodes)
    let failed: @Sendable (SpeechError?) -> Void = { error in
      if let error { failure.withLock { $0 = error } }
    }
    let voice = VoiceConditioning(
      gptLatents: Array(repeating: 0, count: loaded.latentCount * backend.decoder.hiddenSize),
      speakerEmbedding: Array(repeating: 0, count: loaded.speakerSize))
    let segment = PreparedSegment(promptRows: loaded.latentCount + 2, codeLimit: codes, heldCodes: codes)
    let job = PreparedJob(
      id: -1, segments: Array(repeating: segment, count: min(2, loaded.slots)), voices: [voice], seed: 0,
      codePolicy: .fixedLength(.init()), receivedAt: clock.now, sink: JobSink(event: { _ in true }, end: failed))
    unobserved {
      submit(job)
      while step() {}
    }
    if let error = failure.withLock({ $0 }) { throw ModelError(.backend, error.message) }
  }
}
