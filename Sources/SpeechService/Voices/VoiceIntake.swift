import Foundation
import SpeechAudio
import SpeechCore

/// Turns what a client sent as reference audio into checked clips.
public struct VoiceIntake: Sendable {
  /// Conditioning reads no more than this of a clip.
  static let usedSeconds = 30

  let decoder: AudioDecoder
  let fetcher: (any AudioFetcher)?
  /// Bytes of a voice's stored clips together: a voice has to fit one message of the voice log.
  let maximumStoredBytes: Int

  public init(
    decoder: AudioDecoder = AudioDecoder(), fetcher: (any AudioFetcher)?, maximumStoredBytes: Int = 8 << 20
  ) {
    self.decoder = decoder
    self.fetcher = fetcher
    self.maximumStoredBytes = maximumStoredBytes
  }

  /// The encoded bytes behind a reference, downloaded if need be.
  func data(_ reference: VoiceReference) async throws(SpeechError) -> Data {
    switch reference {
    case .inline(let audio): return audio
    case .url(let url):
      guard let fetcher else {
        throw SpeechError(.downloadForbidden, "downloads are switched off", field: Self.field(reference))
      }
      return try await fetcher.fetch(url, field: Self.field(reference))
    case .named:
      throw SpeechError(.invalidRequest, "a sample must be speaker_wav_base64 or speaker_wav_url")
    }
  }

  /// Decodes and checks; at most ``usedSeconds`` of the clip are returned.
  func clip(_ data: Data, field: String?) throws(SpeechError) -> (clip: AudioClip, warnings: [String]) {
    var clip = try decoder.decode(data, field: field)
    let inspection = SampleInspection(clip)
    try inspection.check(field: field)
    clip.samples.removeLast(max(0, clip.samples.count - Self.usedSeconds * clip.sampleRate))
    // A clip may begin with half a minute of silence.
    try SampleInspection(clip).check(field: field)
    return (clip, inspection.warnings)
  }

  /// A registration's clips, normalised to what is stored: mono, 16 bits, FLAC, at most 30 s each.
  func samples(
    _ references: [VoiceReference]
  ) async throws(SpeechError) -> (samples: [VoiceSample], clips: [AudioClip], warnings: [String]) {
    var result: (samples: [VoiceSample], clips: [AudioClip], warnings: [String]) = ([], [], [])
    var byteCount = 0
    for reference in references {
      let field = Self.field(reference)
      let (clip, warnings) = try clip(try await data(reference), field: field)
      let audio = try AudioEncoder.encode(clip.samples, format: .flac, sampleRate: clip.sampleRate)
      byteCount += audio.count
      guard byteCount <= maximumStoredBytes else {
        throw SpeechError(
          .audioTooLarge, "a voice's samples may have at most \(maximumStoredBytes) bytes together as FLAC",
          field: field)
      }
      result.samples.append(
        VoiceSample(
          audio: audio, digest: SHA256.hash(data: audio).hexadecimal, sampleRate: clip.sampleRate,
          durationSeconds: clip.durationSeconds))
      // The stored copy is what conditioning reads, now as after a restart.
      result.clips.append(try decoder.decode(audio, field: field))
      result.warnings += warnings
    }
    return result
  }

  static func digest(of samples: [VoiceSample]) -> String {
    SHA256.hash(data: Data(samples.map(\.digest).joined(separator: " ").utf8)).hexadecimal
  }

  private static func field(_ reference: VoiceReference) -> String? {
    switch reference {
    case .named: "speaker_id"
    case .inline: "speaker_wav_base64"
    case .url: "speaker_wav_url"
    }
  }
}
