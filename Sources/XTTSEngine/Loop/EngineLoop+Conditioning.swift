import SpeechCore
import XTTSModel

extension EngineLoop {
  func submit(_ job: ConditioningJob) {
    conditionings.append(job)
  }

  /// Encodes one piece of the oldest voice's audio, if it is due.
  /// - Returns: false if no voice is requested.
  func advanceConditioning(isIdle: Bool) -> Bool {
    guard !conditionings.isEmpty else { return false }
    guard isIdle || conditioningShare.isDue else { return true }
    let start = clock.now
    defer { conditioningShare.encoded(for: clock.now - start, beside: scheduler.slotsInUse) }
    do throws(ModelError) {
      guard let voice = try backend.conditioner.advance(&conditionings[0].progress) else { return true }
      let isFinite = voice.gptLatents.allSatisfy(\.isFinite) && voice.speakerEmbedding.allSatisfy(\.isFinite)
      let silent = SpeechError(.invalidAudio, "the model could not compute a voice from the reference audio")
      conditionings.removeFirst().end(isFinite ? .success(voice) : .failure(silent))
    } catch {
      conditionings.removeFirst().end(.failure(SpeechError(.internal, "the model failed: \(error.message)")))
    }
    return true
  }
}
