import Foundation
import SpeechCore

/// Replaces the engine: a tone whose pitch depends on the seed, 0.1 s per character, in pieces of 0.1 s.
struct StubSynthesizer: SpeechSynthesizer {
  var model = ModelDescription(
    repo: "test/model", revision: "1", sha256: String(repeating: "a", count: 64), precision: "float32", device: "cpu")
  var languages: [Language] = [.english, .german]
  var builtInVoices: [BuiltInVoice] = []
  var defaultSampling = SamplingParameters()
  var failure: SpeechError?
  /// The number of characters after which it fails.
  var failsAfter = 0
  /// Whether it reports the first slot.
  var starts = true

  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    VoiceConditioning(gptLatents: [0], speakerEmbedding: [0])
  }

  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    AsyncThrowingStream { continuation in
      if starts { continuation.yield(.started) }
      let frequency = 100 + Float(job.seed % 400)
      for character in 0..<job.text.count {
        if let failure, character >= failsAfter {
          continuation.finish(throwing: failure)
          return
        }
        continuation.yield(
          .audio((0..<2_400).map { sin(2 * .pi * frequency * Float(character * 2_400 + $0) / 24_000) }))
      }
      var times = SegmentTimes(segment: 1)
      (times.slot, times.prefilled, times.firstWindow, times.decoded, times.complete) = (0, 0.01, 0.02, 0.03, 0.04)
      times.codes = 1
      continuation.yield(.times(times))
      continuation.yield(
        .segment(
          SegmentReport(
            text: job.text, characters: job.text.count, codes: 1, hitLimit: false,
            normalized: job.reportsNormalized ? "\(job.normalization) \(job.text)" : nil)))
      continuation.finish()
    }
  }
}

struct StubVoiceCatalog: VoiceCatalog {
  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    guard case .named(let name) = reference, name == "default" || name == "Ada" else {
      throw SpeechError(.unknownSpeaker, "no such voice", field: "speaker_id")
    }
    return ResolvedVoice(id: name, version: 1, conditioning: VoiceConditioning(gptLatents: [0], speakerEmbedding: [0]))
  }

  func list() async throws(SpeechError) -> [VoiceSummary] {
    [VoiceSummary(voiceID: "default", displayName: "Default", language: .english)]
  }

  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary {
    VoiceSummary(voiceID: "new", displayName: request.displayName ?? "Voice new", language: .english)
  }

  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError) {
    throw SpeechError(.unknownSpeaker, "no such voice", field: "speaker_id")
  }
}

actor RecordingClips: ClipStore {
  nonisolated func url(requestID: String) -> String { "/api/v1/tts/audio/\(requestID)" }
  private(set) var clips: [String: Data] = [:]

  func remove(requestID: String) async throws(SpeechError) { clips[requestID] = nil }

  func store(_ audio: Data, requestID: String, format: AudioFormat) async throws(SpeechError) -> StoredClip {
    clips[requestID] = audio
    return StoredClip(path: "/clips/\(requestID)", format: format, byteCount: audio.count)
  }

  func clip(requestID: String) async throws(SpeechError) -> StoredClip? { nil }
}
