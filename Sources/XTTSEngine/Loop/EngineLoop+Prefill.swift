import XTTSModel

extension EngineLoop {
  /// Prefills chunks of prompts together. If that fails, it repeats them one by one, so that only the failing request
  /// ends.
  func prefill(_ prefills: [SchedulerStep.Prefill]) {
    var due: [(sequence: SpeechSequence, chunk: PromptChunk)] = []
    for prefill in prefills {
      guard let slot = prefill.sequence.slot, let prompt = prefill.sequence.prompt else { continue }
      due.append((prefill.sequence, PromptChunk(slot: slot, prompt: prompt, rows: prefill.rows)))
    }
    guard !due.isEmpty else { return }
    do throws(ModelError) {
      try backend.decoder.prefill(due.map(\.chunk))
      for (sequence, chunk) in due { notePrefilled(sequence, chunk) }
    } catch {
      for (sequence, chunk) in due where sequence.phase == .prefilling {
        do throws(ModelError) {
          try backend.decoder.prefill([chunk])
          notePrefilled(sequence, chunk)
        } catch {
          fail(sequence, error)
        }
      }
    }
  }

  private func notePrefilled(_ sequence: SpeechSequence, _ chunk: PromptChunk) {
    scheduler.prefilled(sequence, rows: chunk.rows)
    guard sequence.phase != .prefilling else { return }
    sequence.prompt = nil
    sequence.times.prefilled = seconds(since: sequence.job)
  }
}
