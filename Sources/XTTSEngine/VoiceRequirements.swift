import SpeechCore
import XTTSModel

/// The requirements for reference audio.
enum VoiceRequirements {
  /// A clip whose peak is not above this value is silent: -60 dB of full scale.
  static let silentPeak: Float = 0.001
  /// The largest number of clips of one voice.
  static let maximumClips = 16

  static func check(_ clips: [AudioClip]) throws(SpeechError) {
    guard !clips.isEmpty else { throw SpeechError(.invalidAudio, "there is no reference audio") }
    guard clips.count <= maximumClips else {
      throw SpeechError(.audioTooLarge, "\(clips.count) clips of reference audio, at most \(maximumClips) are allowed")
    }
    for clip in clips {
      guard clip.sampleRate > 0 else {
        throw SpeechError(.invalidAudio, "reference audio has a sample rate of \(clip.sampleRate)")
      }
      guard clip.durationSeconds >= VoiceConditioner.minimumSeconds else {
        throw SpeechError(
          .audioTooShort, "reference audio must be at least \(VoiceConditioner.minimumSeconds) s long")
      }
      guard clip.samples.allSatisfy(\.isFinite) else {
        throw SpeechError(.invalidAudio, "reference audio has samples that are not numbers")
      }
      guard clip.samples.contains(where: { abs($0) > silentPeak }) else {
        throw SpeechError(.invalidAudio, "reference audio is silent")
      }
    }
  }
}
