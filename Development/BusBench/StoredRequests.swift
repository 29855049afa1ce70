import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService
import Synchronization
import TestSupport

/// The real service with audit and idempotency, on a real file; the stub replaces the engine.
struct StoredRequests {
  let database: SpeechDatabase
  let handler: any SpeechRequestHandler
  let engine: StubEngine

  init(folder: String, stub: StubSpeechHandler) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    database = try SpeechDatabase(path: folder + "/bench-\(UUID().uuidString).sqlite")
    engine = StubEngine(stub)
    let service = SynthesisService(synthesizer: engine, voiceCatalog: StubVoices(), modelDirectory: "")
    handler = RequestHandler(.open(SQLiteRequestJournal(database), .success(service)))
  }

  /// Removes the file after its check: each row is verified against the previous one. Returns the number of rows.
  func verifyAndRemove() async throws -> Int {
    let count = try await SQLiteAuditLog(database).verify().rowCount
    try database.close()
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.path + suffix) }
    return count
  }

  /// The durations in seconds of `count` appends of `byteCount` bytes, each with a flush, at a constant rate. They are
  /// the lower bound of a commit's duration.
  ///
  /// - Parameter rate: appends per second; nil leaves no pause between them.
  func flushTimes(byteCount: Int, rate: Double?, count: Int = 1_000) async throws -> [Double] {
    let path = database.path + "-flush"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return [] }
    defer {
      close(descriptor)
      unlink(path)
    }
    let bytes = [UInt8](repeating: 7, count: byteCount)
    let start = ContinuousClock.now
    var times: [Double] = []
    for number in 0..<count {
      if let rate { try await Task.sleep(until: start + .seconds(Double(number) / rate)) }
      let began = ContinuousClock.now
      _ = write(descriptor, bytes, bytes.count)
      fdatasync(descriptor)
      times.append((ContinuousClock.now - began) / .seconds(1))
    }
    return times
  }
}

/// The stub as an engine: its bytes are the samples.
final class StubEngine: SpeechSynthesizer {
  let model = ModelDescription(
    repo: "stub", revision: "1", sha256: String(repeating: "0", count: 64), precision: "float32", device: "cpu")
  let languages = Language.allCases
  let builtInVoices: [BuiltInVoice] = []
  let defaultSampling = SamplingParameters()
  private let stub: StubSpeechHandler
  private let times = Mutex<[String: Double]>([:])

  init(_ stub: StubSpeechHandler) { self.stub = stub }

  /// Returns the duration in seconds of the stub's work on a request, once.
  func takeSeconds(_ requestID: String) -> Double? { times.withLock { $0.removeValue(forKey: requestID) } }

  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    StubVoices.conditioning
  }

  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task { [self] in
        do {
          continuation.yield(.started)
          let reply = try await stub.synthesize(
            SynthesisRequest(text: job.text), context: RequestContext(requestID: job.id, transport: .amqp), onAudio: nil
          )
          times.withLock { $0[job.id] = reply.timings.totalSeconds }
          continuation.yield(.audio((reply.audio ?? Data()).map { Float($0) / 256 }))
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}

private struct StubVoices: VoiceCatalog {
  static let conditioning = VoiceConditioning(gptLatents: [0], speakerEmbedding: [0])

  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    ResolvedVoice(id: "stub", version: 1, conditioning: Self.conditioning)
  }

  func list() async throws(SpeechError) -> [VoiceSummary] { [] }

  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary { throw SpeechError(.invalidRequest, "not in this benchmark") }

  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError) {
    throw SpeechError(.invalidRequest, "not in this benchmark")
  }
}

/// Measures the time spent outside the stub: the duration of each request minus the stub's own.
final class TimedRequests: SpeechRequestHandler {
  private let base: any SpeechRequestHandler
  private let engine: StubEngine?
  private let times = Mutex<[Double]>([])

  /// - Parameter engine: measures the stub's work; nil if the replies of `base` have its duration.
  init(_ base: any SpeechRequestHandler, engine: StubEngine?) {
    self.base = base
    self.engine = engine
  }

  /// Seconds, one value per request.
  var added: [Double] { times.withLock { $0 } }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    let began = ContinuousClock.now
    let reply = try await base.synthesize(request, context: context, onAudio: onAudio)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let stubSeconds = engine?.takeSeconds(context.requestID) ?? reply.timings.totalSeconds
    times.withLock { $0.append(seconds - stubSeconds) }
    return reply
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] { try await base.voices() }
  func configuration() async throws(SpeechError) -> ServiceConfiguration { try await base.configuration() }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary { try await base.registerVoice(request, context: context) }

  func exportVoice(
    _ name: String, format: LatentsFormat, context: RequestContext
  ) async throws(SpeechError) -> ExportedVoice {
    try await base.exportVoice(name, format: format, context: context)
  }

  func deleteVoice(id: String, removesAudio: Bool, context: RequestContext) async throws(SpeechError) {
    try await base.deleteVoice(id: id, removesAudio: removesAudio, context: context)
  }

  func lexicons() async throws(SpeechError) -> [Lexicon] { try await base.lexicons() }
  func lexicon(id: String) async throws(SpeechError) -> Lexicon { try await base.lexicon(id: id) }

  func putLexicon(
    _ lexicon: Lexicon, context: RequestContext
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) {
    try await base.putLexicon(lexicon, context: context)
  }

  func deleteLexicon(id: String, context: RequestContext) async throws(SpeechError) {
    try await base.deleteLexicon(id: id, context: context)
  }

  func record(_ record: AuditRecord) async throws(SpeechError) { try await base.record(record) }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    try await base.recordRefusal(error, of: action, context: context)
  }
}
