import Foundation
import SpeechCore
import Synchronization

/// Answers like the service, with bytes computed from the text instead of speech. No model, no I/O.
public final class StubSpeechHandler: SpeechRequestHandler {
  private let startedTexts = Mutex<[String]>([])
  private let lexiconList = Mutex<[Lexicon]>([])
  private let voiceList = Mutex<[VoiceSummary]>([
    VoiceSummary(voiceID: "stub", displayName: "Stub", language: .english)
  ])
  private let recordedRefusals = Mutex<[Refusal]>([])
  private let recordsTexts: Bool
  private let isReleased = Mutex(false)

  /// - Parameter recordsTexts: keeps every text, for tests; off for measurements.
  public init(recordsTexts: Bool = true) { self.recordsTexts = recordsTexts }

  /// Lets the requests continue whose text has the word `hold`.
  public func release() { isReleased.withLock { $0 = true } }

  /// The texts whose synthesis began, in order.
  public var started: [String] { startedTexts.withLock { $0 } }

  /// The audio any instance gives for a text.
  public static func audio(for text: String, byteCount: Int = 1024) -> Data {
    var state = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    var audio = Data(capacity: byteCount)
    while audio.count < byteCount {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      audio.append(UInt8(truncatingIfNeeded: state >> 32))
    }
    return audio
  }

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    let directive = StubDirective(request.text)
    if recordsTexts { startedTexts.withLock { $0.append(request.text) } }
    if case .named(let name) = request.voice, !["default", "stub"].contains(name) {
      throw SpeechError(.unknownSpeaker, "no voice is called that", field: "speaker_id")
    }
    let began = ContinuousClock.now
    let audio = Self.audio(for: request.text, byteCount: directive.byteCount)
    do {
      while directive.isHeld, !isReleased.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
      if directive.sleep > .zero { try await Task.sleep(for: directive.sleep) }
      if directive.killsProcess { kill(getpid(), SIGKILL) }
      if let error = directive.failure(attempt: context.attempt) { throw error }
      if let onAudio {
        let pieceBytes = max(2, audio.count / directive.chunks)
        for (index, start) in stride(from: 0, to: audio.count, by: pieceBytes).enumerated() {
          if index == directive.failAfterChunks { throw SpeechError(.internal, "failed midway, as asked") }
          try await onAudio(audio[start..<min(start + pieceBytes, audio.count)])
          try await Task.sleep(for: directive.chunkPause)
        }
      }
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.cancelled, "the synthesis was cancelled")
    }
    return reply(
      to: request, context, audio: onAudio == nil ? audio : nil, sha256: SHA256.hash(data: audio).hexadecimal, began)
  }

  private func reply(
    to request: SynthesisRequest, _ context: RequestContext, audio: Data?, sha256: String,
    _ began: ContinuousClock.Instant
  ) -> SynthesisReply {
    let elapsed = (ContinuousClock.now - began) / .seconds(1)
    return SynthesisReply(
      requestID: context.requestID, format: request.format, sampleRate: 24_000, audio: audio, durationSeconds: 1,
      speakerID: "stub", language: request.language ?? .english, seed: request.seed ?? 7, sha256: sha256,
      segments: [
        SegmentReport(
          text: request.text, characters: request.text.count, codes: 21, hitLimit: false,
          normalized: request.include.contains(.normalized) ? request.text : nil)
      ],
      timings: SynthesisReply.Timings(
        queueSeconds: 0, firstAudioSeconds: elapsed, totalSeconds: elapsed, realTimeFactor: elapsed),
      model: ModelDescription(
        repo: "stub", revision: "1", sha256: String(repeating: "0", count: 64), precision: "float32", device: "cpu"),
      warnings: request.warnings)
  }

  // MARK: Voices

  public func voices() async throws(SpeechError) -> [VoiceSummary] { voiceList.withLock { $0 } }

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    let id = context.requestID
    var voice = VoiceSummary(
      voiceID: id, displayName: request.displayName ?? "Voice \(id.prefix(8))", language: request.language ?? .english)
    voice.settings = request.settings.isEmpty ? nil : request.settings
    voiceList.withLock { [voice] in $0.append(voice) }
    return voice
  }

  public func exportVoice(
    _ name: String, format: LatentsFormat, context: RequestContext
  ) async throws(SpeechError) -> ExportedVoice {
    guard let voice = voiceList.withLock({ $0.first { $0.voiceID == name } }) else {
      throw SpeechError(.unknownSpeaker, "no voice has that id", field: "speaker_id")
    }
    return ExportedVoice(voice: voice, format: format, file: Data(#"{"gpt_cond_latent":[]}"#.utf8))
  }

  public func deleteVoice(id: String, removesAudio: Bool, context: RequestContext) async throws(SpeechError) {
    let wasThere = voiceList.withLock { voices in
      let count = voices.count
      voices.removeAll { $0.voiceID == id }
      return voices.count < count
    }
    guard wasThere else { throw SpeechError(.unknownSpeaker, "no voice has that id", field: "voice_id") }
  }

  public func lexicons() async throws(SpeechError) -> [Lexicon] { lexiconList.withLock { $0 } }

  public func lexicon(id: String) async throws(SpeechError) -> Lexicon {
    guard let lexicon = lexiconList.withLock({ $0.first { $0.id == id } }) else {
      throw SpeechError(.unknownLexicon, "no lexicon has that id", field: "lexicon_id")
    }
    return lexicon
  }

  public func putLexicon(
    _ lexicon: Lexicon, context: RequestContext
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) {
    lexiconList.withLock { list in
      var stored = lexicon
      stored.version = (list.first { $0.id == lexicon.id }?.version ?? 0) + 1
      list.removeAll { $0.id == lexicon.id }
      list.append(stored)
      return (stored, stored.version == 1)
    }
  }

  public func deleteLexicon(id: String, context: RequestContext) async throws(SpeechError) {
    _ = try await lexicon(id: id)
    lexiconList.withLock { $0.removeAll { $0.id == id } }
  }

  /// The refusals that transports recorded, in order.
  public var refusals: [Refusal] { recordedRefusals.withLock { $0 } }

  public struct Refusal: Sendable, Equatable {
    public var code: SpeechError.Code
    public var action: AuditRecord.Action
    public var requestID: String
  }

  public func record(_ record: AuditRecord) async throws(SpeechError) {}

  public func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    let refusal = Refusal(code: error.code, action: action, requestID: context.requestID)
    if recordsTexts { recordedRefusals.withLock { $0.append(refusal) } }
  }

  public func configuration() async throws(SpeechError) -> ServiceConfiguration {
    ServiceConfiguration(
      modelRepo: "stub", modelDirectory: "none", languages: Language.allCases, voices: voiceList.withLock { $0 })
  }
}
