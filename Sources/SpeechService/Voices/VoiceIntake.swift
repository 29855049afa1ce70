import Foundation
import SpeechAudio
import SpeechCore

/// Turns what a client sent as reference audio into checked clips.
public struct VoiceIntake: Sendable {
  /// Conditioning reads no more than this of a clip.
  static let usedSeconds = 30.0

  /// Recordings behind URLs are rarely larger.
  private static let usualBytes = 10 << 20

  let decoder: AudioDecoder
  let fetcher: (any AudioFetcher)?
  let budgets: MemoryBudgets
  /// Bytes of a voice's stored clips together: a voice has to fit one message of the voice log.
  let maximumStoredBytes: Int

  public init(
    decoder: AudioDecoder = AudioDecoder(), fetcher: (any AudioFetcher)?, budgets: MemoryBudgets = MemoryBudgets(),
    maximumStoredBytes: Int = 8 << 20
  ) {
    self.decoder = decoder
    self.fetcher = fetcher
    self.budgets = budgets
    self.maximumStoredBytes = maximumStoredBytes
  }

  /// A recording as it came, with the bytes it holds of the budget for bodies if it was downloaded.
  struct Recording: Sendable {
    var audio: Data
    var field: String?
    var memory: ByteReservation?
  }

  /// The encoded bytes behind a reference, downloaded if need be.
  func recording(_ reference: VoiceReference) async throws(SpeechError) -> Recording {
    let field = Self.field(reference)
    switch reference {
    case .inline(let audio): return Recording(audio: audio, field: field)
    case .url(let url):
      guard let fetcher else {
        throw SpeechError(.downloadForbidden, "downloads are switched off", field: field)
      }
      // The size is known only at the end. The request does not wait for memory, because it may hold a body already.
      let memory = budgets.bodies.reservation()
      try memory.take(min(Self.usualBytes, budgets.bodies.limit), field: field)
      let audio = try await fetcher.fetch(url, field: field)
      try memory.take(audio.count - memory.bytes, field: field)
      memory.shrink(to: audio.count)
      return Recording(audio: audio, field: field, memory: memory)
    case .named:
      throw SpeechError(.invalidRequest, "a sample must be speaker_wav_base64 or speaker_wav_url")
    }
  }

  /// Waits for the memory that decoding these recordings takes: all of it at once, so that two registrations can't each
  /// hold half of what both need.
  func memory(
    for recordings: [Recording], cleans: Bool = false, keeping seconds: Double = usedSeconds
  ) async throws(SpeechError) -> ByteReservation {
    var bytes = 0
    for recording in recordings {
      bytes += try decoder.memoryBytes(of: recording.audio, keeping: seconds, field: recording.field)
    }
    let memory = budgets.audio.reservation()
    // Cleaning holds several copies.
    try await memory.wait(for: cleans ? min(4 * bytes, budgets.audio.limit) : bytes, field: recordings.first?.field)
    return memory
  }

  /// Decodes and checks; at most `seconds` of the recording are read.
  /// - Parameter cleans: whether the clip is changed by ``ReferenceCleaner``; the inspection is of the recording.
  func clip(
    _ recording: Recording, cleans: Bool = false, keeping seconds: Double = usedSeconds
  ) async throws(SpeechError) -> (clip: AudioClip, inspection: SampleInspection) {
    let decoder = decoder
    // Decoding may wait for another process, the rest takes up to a second.
    return try await DedicatedThread.run("decoder") { _ throws(SpeechError) in
      let audio = try decoder.read(recording.audio, field: recording.field, keeping: seconds)
      let inspection = SampleInspection(audio.clip, recordingSeconds: audio.recordingSeconds)
      try inspection.check(field: recording.field)
      return (cleans ? ReferenceCleaner.cleaned(audio.clip) : audio.clip, inspection)
    }
  }

  /// The cleaned recording as a WAV file, for a user who compares it with the original.
  /// - Throws: as registration does.
  public func cleaned(_ audio: Data, field: String) async throws(SpeechError) -> Data {
    let recording = Recording(audio: audio, field: field)
    let memory = try await memory(for: [recording], cleans: true)
    defer { memory.release() }
    let clip = try await clip(recording, cleans: true).clip
    return try AudioEncoder.encode(clip.samples, format: .wav, sampleRate: clip.sampleRate)
  }

  /// A registration's clips, normalised to what is stored: mono, 16 bits, FLAC, at most 30 s each, or `max_ref_len`.
  /// - Returns: the memory of the clips too, to be released after them.
  func samples(
    _ references: [VoiceReference], cleans: Bool = false, settings: CloningSettings = CloningSettings()
  ) async throws(SpeechError) -> (
    samples: [VoiceSample], clips: [AudioClip], inspections: [SampleInspection], memory: ByteReservation
  ) {
    var recordings: [Recording] = []
    for reference in references { recordings.append(try await recording(reference)) }
    let seconds = max(Self.usedSeconds, Double(settings.maximumReferenceSeconds ?? 0))
    let memory = try await memory(for: recordings, cleans: cleans, keeping: seconds)
    var (samples, clips, inspections): ([VoiceSample], [AudioClip], [SampleInspection]) = ([], [], [])
    var byteCount = 0
    for recording in recordings {
      let (clip, inspection) = try await clip(recording, cleans: cleans, keeping: seconds)
      let audio = try AudioEncoder.encode(clip.samples, format: .flac, sampleRate: clip.sampleRate)
      byteCount += audio.count
      guard byteCount <= maximumStoredBytes else {
        throw SpeechError(
          .audioTooLarge, "a voice's samples may have at most \(maximumStoredBytes) bytes together as FLAC",
          field: recording.field)
      }
      samples.append(
        VoiceSample(
          audio: audio, digest: SHA256.hash(data: audio).hexadecimal, sampleRate: clip.sampleRate,
          durationSeconds: clip.durationSeconds))
      // The stored copy is what conditioning reads, now as after a restart.
      clips.append(try decoder.decode(audio, field: recording.field, keeping: seconds))
      inspections.append(inspection)
    }
    return (samples, clips, inspections, memory)
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
