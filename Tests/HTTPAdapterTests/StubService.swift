import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SpeechCore
import Synchronization

@testable import HTTPAdapter

/// Stands in for the service: texts decide what happens.
final class StubService: SpeechRequestHandler, HealthSource {
  let report = Mutex(HealthReport(status: .ok, components: ["model": "ready"]))
  let contexts = Mutex<[SpeechCore.RequestContext]>([])
  let wasCancelled = Mutex(false)
  let refusals = Mutex<[String]>([])
  let records = Mutex<[AuditRecord]>([])
  let registrations = Mutex<[VoiceRegistration]>([])
  let gate = Gate()

  var health: HealthReport { report.withLock { $0 } }

  func synthesize(
    _ request: SynthesisRequest, context: SpeechCore.RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    contexts.withLock { $0.append(context) }
    if let code = SpeechError.Code(rawValue: request.text) {
      throw SpeechError(code, "as asked", field: "text")
    }
    if case .named(let name) = request.voice, !["default", "Ada"].contains(name) {
      throw SpeechError(.unknownSpeaker, "no such voice", field: "speaker_id")
    }
    do {
      if request.text == "forever" { try await Task.sleep(for: .seconds(600)) }
      if let onAudio {
        try await onAudio(Data("one".utf8))
        if request.text == "wait" { await gate.wait() }
        if request.text == "break" { throw SpeechError(.internal, "broken") }
        if request.text == "endless" { while true { try await onAudio(Data(repeating: 0, count: 65_536)) } }
        try await onAudio(Data("two".utf8))
      }
    } catch {
      if error is CancellationError { wasCancelled.withLock { $0 = true } }
      throw (error as? SpeechError) ?? SpeechError(.cancelled, "cancelled")
    }
    return SynthesisReply(
      requestID: context.requestID, format: request.format, sampleRate: 24_000,
      audio: onAudio == nil ? Data("audio".utf8) : nil, durationSeconds: 1.5, speakerID: "default",
      language: request.language ?? .english, seed: request.seed ?? 1, sha256: "",
      segments: [
        SegmentReport(
          text: request.text, characters: request.text.count, codes: 7, hitLimit: false,
          normalized: request.include.contains(.normalized) ? request.text.lowercased() : nil)
      ],
      timings: .init(queueSeconds: 0, firstAudioSeconds: 0, totalSeconds: 0, realTimeFactor: 0),
      model: ModelDescription(repo: "r", revision: "1", sha256: "", precision: "float32", device: "cpu"),
      warnings: request.warnings)
  }

  func preview(_ request: SynthesisRequest) throws(SpeechError) -> TextPreview {
    if let code = SpeechError.Code(rawValue: request.text) { throw SpeechError(code, "as asked", field: "text") }
    return TextPreview(
      language: request.language ?? .english, normalization: request.normalization ?? .extended,
      segments: [.init(text: request.text, normalized: request.text.lowercased(), tokens: 3)],
      warnings: request.warnings)
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] {
    [VoiceSummary(voiceID: "default", displayName: "Default", language: .english)]
  }

  func registerVoice(
    _ request: VoiceRegistration, context: SpeechCore.RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    registrations.withLock { $0.append(request) }
    if case .inline(let audio) = request.samples.first, audio == Data("silence".utf8) {
      throw SpeechError(.invalidAudio, "the audio is silent", field: "speaker_wav_base64")
    }
    return VoiceSummary(
      voiceID: "v1", displayName: request.displayName ?? "Voice v1", language: request.language ?? .english)
  }

  func exportVoice(
    _ name: String, format: LatentsFormat, context: SpeechCore.RequestContext
  ) async throws(SpeechError) -> ExportedVoice {
    guard name == "v1" else { throw SpeechError(.unknownSpeaker, "no such voice", field: "speaker_id") }
    return ExportedVoice(voice: try await voices()[0], format: format, file: Data("\(format)".utf8))
  }

  func deleteVoice(id: String, removesAudio: Bool, context: SpeechCore.RequestContext) async throws(SpeechError) {
    guard id == "v1" else { throw SpeechError(.unknownSpeaker, "no such voice", field: "voice_id") }
  }

  func lexicons() async throws(SpeechError) -> [Lexicon] { try await [lexicon(id: "names")] }

  func lexicon(id: String) async throws(SpeechError) -> Lexicon {
    guard id == "names" else { throw SpeechError(.unknownLexicon, "no such lexicon", field: "lexicon_id") }
    return Lexicon(id: id, entries: [LexiconEntry(written: "Ng", spoken: "Ing")])
  }

  func putLexicon(
    _ lexicon: Lexicon, context: SpeechCore.RequestContext
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) { (lexicon, lexicon.id != "names") }

  func deleteLexicon(id: String, context: SpeechCore.RequestContext) async throws(SpeechError) {
    _ = try await lexicon(id: id)
  }

  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    ServiceConfiguration(
      modelRepo: "coqui/XTTS-v2", modelDirectory: "models", languages: [.english], voices: try await voices())
  }

  func record(_ record: AuditRecord) async throws(SpeechError) { records.withLock { $0.append(record) } }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: SpeechCore.RequestContext
  ) async throws(SpeechError) {
    refusals.withLock { $0.append("\(action.rawValue) \(error.code.rawValue)") }
  }
}

/// Holds a task until it is opened.
actor Gate {
  private var isOpen = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  func wait() async {
    guard !isOpen else { return }
    await withCheckedContinuation { waiters.append($0) }
  }

  func open() {
    isOpen = true
    for waiter in waiters { waiter.resume() }
    waiters = []
  }
}

struct StubAudit: AuditLog {
  func requests(_ query: AuditQuery) async throws(SpeechError) -> AuditPage {
    let row: JSONValue = [
      "sequence": .number(String(query.before ?? 9)), "outcome": .string(query.outcome ?? "ok"),
      "user_id": .string(query.userID ?? "ada"), "limit": .number(String(query.limit)),
    ]
    return AuditPage(requests: [row], next: query.before.map { $0 - 1 })
  }

  func usage(_ query: UsageQuery) async throws(SpeechError) -> [UsageRow] {
    [
      UsageRow(
        userID: query.userID ?? "ada", day: query.from ?? "2026-01-01", requests: 1, errors: 0, characters: 5,
        audioSeconds: 1)
    ]
  }
}

/// One dead-lettered message: `d1`, which its requester named `order/1`.
struct StubQueues: QueueOperations {
  private var letter: DeadLetter {
    var letter = DeadLetter(id: "d1", bytes: 7)
    (letter.messageID, letter.errorCode) = ("order/1", "worker_lost")
    return letter
  }

  func queues() async throws(SpeechError) -> QueueOverview {
    QueueOverview(
      synthesize: "tts.synthesize", dead: "tts.dead", queues: [.init(name: "tts.dead", messages: 1, consumers: 0)])
  }

  func deadLetters(limit: Int) async throws(SpeechError) -> DeadLetterPage {
    DeadLetterPage(total: limit, messages: [letter])
  }

  func settle(
    _ id: String, by settlement: DeadLetterSettlement,
    record: @escaping @Sendable (DeadLetter) async throws(SpeechError) -> Void
  ) async throws(SpeechError) -> DeadLetter? {
    guard [letter.id, letter.messageID].contains(id) else { return nil }
    try await record(letter)
    return letter
  }
}

struct StubClips: ClipStore {
  func url(requestID: String) -> String { "/api/v1/tts/audio/\(requestID)" }
  func remove(requestID: String) async throws(SpeechError) {}

  var known: [String: StoredClip] = [:]
  func store(_ audio: Data, requestID: String, format: AudioFormat) async throws(SpeechError) -> StoredClip {
    throw SpeechError(.internal, "not in these tests")
  }
  func clip(requestID: String) async throws(SpeechError) -> StoredClip? { known[requestID] }
}

func makeServer(
  _ service: StubService = StubService(), clips: StubClips = StubClips(), budgets: MemoryBudgets = MemoryBudgets(),
  _ change: (inout HTTPConfiguration) -> Void = { _ in }
) -> SpeechHTTPServer {
  var configuration = HTTPConfiguration()
  configuration.port = 0
  change(&configuration)
  let ports = SpeechHTTPServer.Ports(
    requests: service, preview: { request throws(SpeechError) in try service.preview(request) },
    cleaned: { audio, _ throws(SpeechError) in Data("clean ".utf8) + audio }, budgets: budgets,
    health: service, audit: { StubAudit() }, queues: { StubQueues() }, clips: clips,
    metrics: { "speechbus_slots 8\n" })
  return SpeechHTTPServer(configuration: configuration, ports: ports, logger: Logger(label: "test"))
}

extension TestResponse {
  var text: String { String(buffer: body) }
  var json: [String: Any] {
    ((try? JSONSerialization.jsonObject(with: Data(buffer: body))) as? [String: Any]) ?? [:]
  }
  var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }
}

extension HTTPTestClient {
  func post(_ path: String, _ json: String, headers: HTTPFields = [:]) async throws -> TestResponse {
    var headers = headers
    if headers[.contentType] == nil { headers[.contentType] = "application/json" }
    return try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: json))
  }

  func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestResponse {
    try await execute(uri: path, method: .get, headers: headers)
  }
}
