import SpeechCore
import XTTSModel

/// A voice that someone waits for.
struct ConditioningJob {
  var progress: VoiceConditioner.Progress
  let end: (Result<VoiceConditioning, SpeechError>) -> Void
}
