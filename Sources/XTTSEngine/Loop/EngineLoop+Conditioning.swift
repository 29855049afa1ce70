import SpeechCore
import XTTSModel

extension EngineLoop {
  func submit(_ job: ConditioningJob) {
    conditionings.append(job)
  }

  /// Encodes one piece of the oldest voice's audio, so that sequences are delayed by one piece per step at most.
  /// - Returns: false if no voice is requested.
  func advanceConditioning() -> Bool {
    guard !conditionings.isEmpty else { return false }
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
