import SpeechCore
import XTTSModel

extension EngineLoop {
  /// Prefills chunks: one by one, or whole prompts together where the decoder can.
  func prefill(_ chunks: [SchedulerStep.Prefill]) {
    guard let deviceDecoder else {
      for chunk in chunks { prefill(chunk) }
      return
    }
    var whole: [(chunk: SchedulerStep.Prefill, prompt: PromptEmbeddings)] = []
    for chunk in chunks {
      if let prompt = sequence(chunk.key)?.prompt, chunk.rows == 0..<prompt.rowCount {
        whole.append((chunk, prompt))
      } else {
        prefill(chunk)
      }
    }
    guard !whole.isEmpty else { return }
    do throws(ModelError) {
      try deviceDecoder.prefill(whole.map { ($0.chunk.slot, $0.prompt) })
      for (chunk, _) in whole {
        sequence(chunk.key)?.prompt = nil
        scheduler.prefilled(chunk.key, rows: chunk.rows)
      }
    } catch {
      // Only who is at fault fails.
      for (chunk, _) in whole { prefill(chunk) }
    }
  }
}
