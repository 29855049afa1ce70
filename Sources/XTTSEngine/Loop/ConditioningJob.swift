import SpeechCore
import XTTSModel

/// A request to compute a voice.
struct ConditioningJob {
  var progress: VoiceConditioner.Progress
  let end: (Result<VoiceConditioning, SpeechError>) -> Void
}
