import SpeechCore
import Synchronization

/// Carries a trace from the engine's thread to its caller.
private final class TraceBox: Sendable {
  let trace = Mutex<SynthesisTrace?>(nil)
}

extension XTTSEngine {
  /// Synthesises one segment of an exact length like any request, and returns the result of each stage. The text is not
  /// split and keeps its final period; no silence is trimmed.
  /// - Throws: ``SpeechError``; `invalid_request` for more codes than the model allows in one piece.
  public func trace(_ job: FixedLengthJob) async throws(SpeechError) -> SynthesisTrace {
    var samples: [Float] = []
    let made = TraceBox()
    let events = fixedLength(job, trace: { trace in made.trace.withLock { $0 = trace } })
    do {
      for try await case .audio(let chunk) in events { samples += chunk }
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.internal, "\(error)")
    }
    guard var trace = made.trace.withLock({ $0 }) else { throw SpeechError(.cancelled, "the trace was cancelled") }
    trace.samples = samples
    return trace
  }

  /// The events of one segment of an exact length.
  func fixedLength(
    _ job: FixedLengthJob, trace: (@Sendable (SynthesisTrace) -> Void)? = nil
  ) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let receivedAt = ContinuousClock.now
    return stream { (id, sink) throws(SpeechError) in
      try self.preparation.fixedLength(job, id: id, receivedAt: receivedAt, sink: sink, trace: trace)
    }
  }
}
