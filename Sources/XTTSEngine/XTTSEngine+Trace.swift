import SpeechCore
import Synchronization
import XTTSModel

/// One segment, stage by stage, as `speechbus synthesize --dump` writes it.
public struct SynthesisTrace: Sendable, Equatable {
  /// The text tokens without the model's start and stop tokens.
  public var textTokens: [Int]
  /// The voice's latents, `[latents, hidden]` float32, row-major.
  public var gptLatents: [Float]
  /// The number of rows of a voice's latents.
  public var latentCount: Int
  /// The width of the GPT's hidden states.
  public var hiddenSize: Int
  /// `[512]` float32 in the published model.
  public var speakerEmbedding: [Float]
  /// The audio codes.
  public var codes: [Int]
  /// `[audioCodeCount]` float32: the scores of the first code, before sampling.
  public var firstLogits: [Float]
  /// `[codes, audioCodeCount]` float32 if the codes followed others, else only the first row.
  public var logits: [Float]
  /// `[codes, hidden]` float32, row-major.
  public var latents: [Float]
  /// The samples at 24 kHz, not trimmed.
  public var samples: [Float]
}

/// Carries a trace from the engine's thread to its caller.
private final class TraceBox: Sendable {
  let segment = Mutex<SegmentTrace?>(nil)
}

extension XTTSEngine {
  /// Synthesises one segment of an exact length like any request, and returns the result of each stage. The text is not
  /// split and keeps its final period; no silence is trimmed.
  /// - Throws: ``SpeechError``; `invalid_request` for more codes than the model allows in one piece.
  public func trace(_ job: FixedLengthJob) async throws(SpeechError) -> SynthesisTrace {
    var samples: [Float] = []
    let made = TraceBox()
    let events = fixedLength(job, trace: { segment in made.segment.withLock { $0 = segment } })
    do {
      for try await case .audio(let chunk) in events { samples += chunk }
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.internal, "\(error)")
    }
    guard let segment = made.segment.withLock({ $0 }) else { throw SpeechError(.cancelled, "the trace was cancelled") }
    return SynthesisTrace(
      textTokens: segment.textTokens, gptLatents: job.voice.gptLatents, latentCount: preparation.latentCount,
      hiddenSize: preparation.configuration.gpt.hiddenSize, speakerEmbedding: job.voice.speakerEmbedding,
      codes: segment.codes, firstLogits: Array(segment.logits.prefix(preparation.configuration.gpt.audioCodeCount)),
      logits: segment.logits, latents: segment.latents,
      samples: samples)
  }

  /// The events of one segment of an exact length.
  func fixedLength(
    _ job: FixedLengthJob, trace: (@Sendable (SegmentTrace) -> Void)? = nil
  ) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let receivedAt = ContinuousClock.now
    return stream { (id, sink) throws(SpeechError) in
      try self.preparation.fixedLength(job, id: id, receivedAt: receivedAt, sink: sink, trace: trace)
    }
  }
}
