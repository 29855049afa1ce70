import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Prefills chunks of prompts together. If that fails, it repeats them one by one, so that only the failing request
  /// ends.
  func prefill(_ prefills: [SchedulerStep.Prefill]) {
    var due: [(key: SequenceKey, chunk: PromptChunk)] = []
    for prefill in prefills {
      guard let prompt = sequence(prefill.key)?.prompt else { continue }
      due.append((prefill.key, PromptChunk(slot: prefill.slot, prompt: prompt, rows: prefill.rows)))
    }
    guard !due.isEmpty else { return }
    do throws(ModelError) {
      try backend.decoder.prefill(due.map(\.chunk))
      for (key, chunk) in due { notePrefilled(key, chunk) }
    } catch {
      for (key, chunk) in due where sequence(key) != nil {
        do throws(ModelError) {
          try backend.decoder.prefill([chunk])
          notePrefilled(key, chunk)
        } catch {
          fail(key.request, error)
        }
      }
    }
  }

  private func notePrefilled(_ key: SequenceKey, _ chunk: PromptChunk) {
    if chunk.rows.upperBound >= chunk.prompt.rowCount { sequence(key)?.prompt = nil }
    scheduler.prefilled(key, rows: chunk.rows)
  }
}
