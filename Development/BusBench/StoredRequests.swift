import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService
import Synchronization
import TestSupport

/// The real audit and idempotency, on a real file, in front of the stub.
struct StoredRequests {
  let database: SpeechDatabase
  let handler: any SpeechRequestHandler

  init(folder: String, stub: StubSpeechHandler) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    database = try SpeechDatabase(path: folder + "/bench-\(UUID().uuidString).sqlite")
    handler = JournaledRequests(StubWork(stub: stub), journal: SQLiteRequestJournal(database))
  }

  /// How many rows there are, each checked against the one before; the file is removed.
  func verifyAndRemove() async throws -> Int {
    let count = try await SQLiteAuditLog(database).verify().rowCount
    try database.close()
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.path + suffix) }
    return count
  }

  /// Seconds of `count` appends of `byteCount` bytes with a flush each, at an even pace: what a commit costs at least.
  ///
  /// - Parameter rate: a second; nil leaves no pause between them.
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

/// The stub as the journal sees the service.
private struct StubWork: SpeechWork {
  let stub: StubSpeechHandler

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    try await stub.synthesize(request, context: context, onAudio: onAudio)
  }

  func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary { throw SpeechError(.invalidRequest, "not in this benchmark") }

  func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError) {
    throw SpeechError(.invalidRequest, "not in this benchmark")
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] { [] }
  func configuration() async throws(SpeechError) -> ServiceConfiguration { try await stub.configuration() }
}

/// Times what lies around the stub: each request's whole time less the stub's own.
final class TimedRequests: SpeechRequestHandler {
  private let base: any SpeechRequestHandler
  private let times = Mutex<[Double]>([])

  init(_ base: any SpeechRequestHandler) { self.base = base }

  /// Seconds, one a request.
  var added: [Double] { times.withLock { $0 } }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    let began = ContinuousClock.now
    let reply = try await base.synthesize(request, context: context, onAudio: onAudio)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    times.withLock { $0.append(seconds - reply.timings.totalSeconds) }
    return reply
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] { try await base.voices() }
  func configuration() async throws(SpeechError) -> ServiceConfiguration { try await base.configuration() }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary { try await base.registerVoice(request, context: context) }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    try await base.deleteVoice(id: id, context: context)
  }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    try await base.recordRefusal(error, of: action, context: context)
  }
}
