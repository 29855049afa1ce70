import SpeechCore
import XTTSModel

extension EngineLoop {
  func submit(_ job: ConditioningJob) {
    conditionings.append(job)
  }

  /// Encodes one piece of the oldest voice's audio: between two steps no more than that holds the others up.
  /// - Returns: false when no voice is asked for.
  func advanceConditioning() -> Bool {
    guard !conditionings.isEmpty else { return false }
    do throws(ModelError) {
      guard let voice = try backend.conditioner.advance(&conditionings[0].progress) else { return true }
      let isFinite = voice.gptLatents.allSatisfy(\.isFinite) && voice.speakerEmbedding.allSatisfy(\.isFinite)
      let silent = SpeechError(.invalidAudio, "the model made no voice of the reference audio")
      conditionings.removeFirst().end(isFinite ? .success(voice) : .failure(silent))
    } catch {
      conditionings.removeFirst().end(.failure(SpeechError(.internal, "the model failed: \(error.message)")))
    }
    return true
  }
}
