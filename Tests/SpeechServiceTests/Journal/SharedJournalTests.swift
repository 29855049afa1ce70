import Foundation
import SQLiteStorage
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

/// F11 of the adversary's list: replicas with their own databases, which share keys and replies over a log.
struct SharedJournalTests {
  private let log = MemoryReplicaLog()
  private let claims = MemoryClaims()

  /// A replica in a separate folder. Opening it again simulates a restart.
  private final class Replica: Sendable {
    let database: SpeechDatabase
    let journal: SharedJournal
    let requests: RequestHandler
    let spoken: SpokenCount
    private let task: Task<Void, Never>

    init(_ folder: String, keyFile: String, _ log: MemoryReplicaLog, _ claims: MemoryClaims, dies: Bool = false) throws
    {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let database = try SpeechDatabase(path: folder + "/db.sqlite", keyFile: keyFile)
      self.database = database
      let local: any ReplicatedJournal = SQLiteRequestJournal(database)
      let journal = SharedJournal(
        local: dies ? DyingJournal(base: local) : local, log: log, claims: claims.ofReplica(),
        keys: { database.keyFile.ring }, backOff: RetryBackoff(initial: .milliseconds(1), maximum: .milliseconds(10)),
        timeout: .seconds(300))
      self.journal = journal
      let spoken = SpokenCount()
      self.spoken = spoken
      let service = SynthesisService(
        synthesizer: CountedSynthesizer(count: spoken), voiceCatalog: StubVoiceCatalog(), modelDirectory: "")
      requests = RequestHandler(.open(journal, .success(service)))
      task = Task { await journal.run() }
    }

    func say(_ text: String, key: String) async throws -> SynthesisReply {
      try await requests.synthesize(
        SynthesisRequest(text: text), context: RequestContext(transport: .amqp, idempotencyKey: key), onAudio: nil)
    }

    func stop() async {
      task.cancel()
      await task.value
    }

    func outcomes() async throws -> [String: Int] {
      let lines = Mutex<[String]>([])
      try await SQLiteAuditLog(database).export { line in lines.withLock { $0.append(line) } }
      return lines.withLock { $0 }.reduce(into: [:]) { counts, line in
        for outcome in ["ok", "replayed", "error"] where line.contains("\"outcome\":\"\(outcome)\"") {
          counts[outcome, default: 0] += 1
        }
      }
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "shared-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try await body(folder)
  }

  @Test func keysThatAreSentThreeTimesOverTwoReplicasAreSpokenOnce() async throws {
    try await withFolder { folder in
      let replicas = try ["a", "b"].map {
        try Replica("\(folder)/\($0)", keyFile: folder + "/key", log, claims)
      }
      let replies = try await withThrowingTaskGroup(of: (Int, SynthesisReply).self) { group in
        for number in 0..<40 {
          for copy in 0..<3 {
            let replica = replicas[(number + copy) % 2]
            group.addTask { (number, try await replica.say("Number \(number).", key: "k\(number)")) }
          }
        }
        return try await group.reduce(into: [:] as [Int: [SynthesisReply]]) { $0[$1.0, default: []].append($1.1) }
      }
      #expect(replies.count == 40)
      #expect(replies.values.allSatisfy { $0.count == 3 && $0.allSatisfy { [first = $0[0]] in $0 == first } })
      #expect(replicas.map(\.spoken.value).reduce(0, +) == 40)
      var outcomes: [String: Int] = [:]
      for replica in replicas { outcomes.merge(try await replica.outcomes(), uniquingKeysWith: +) }
      #expect(outcomes == ["ok": 40, "replayed": 80])
      for replica in replicas { await replica.stop() }
    }
  }

  @Test func anotherRequestUnderTheKeyIsRefusedOnEveryReplica() async throws {
    try await withFolder { folder in
      let replicas = try ["a", "b"].map { try Replica("\(folder)/\($0)", keyFile: folder + "/key", log, claims) }
      _ = try await replicas[0].say("One.", key: "k")
      let error = await #expect(throws: SpeechError.self) { try await replicas[1].say("Two.", key: "k") }
      #expect(error?.code == .invalidRequest && error?.field == "message_id")
      for replica in replicas { await replica.stop() }
    }
  }

  /// The process ends between the publication of the reply and the commit.
  @Test func aReplyOfALostWorkerAnswersElsewhereAndItsRowIsWrittenAtItsNextStart() async throws {
    try await withFolder { folder in
      let lost = try Replica(folder + "/a", keyFile: folder + "/key", log, claims, dies: true)
      await #expect(throws: SpeechError.self) { try await lost.say("Once.", key: "k") }
      await lost.stop()
      try lost.database.close()
      let other = try Replica(folder + "/b", keyFile: folder + "/key", log, claims)
      let reply = try await other.say("Once.", key: "k")
      #expect(other.spoken.value == 0)
      let again = try Replica(folder + "/a", keyFile: folder + "/key", log, claims)
      #expect(try await again.say("Once.", key: "k") == reply)
      #expect(again.spoken.value == 0)
      #expect(try await again.outcomes() == ["ok": 1, "replayed": 1])
      #expect(try await other.outcomes() == ["replayed": 1])
      for replica in [other, again] { await replica.stop() }
    }
  }

  @Test func aReplicaThatStartsLaterHasTheRepliesOfTheOthers() async throws {
    try await withFolder { folder in
      let first = try Replica(folder + "/a", keyFile: folder + "/key", log, claims)
      let reply = try await first.say("Once.", key: "k")
      await first.stop()
      let late = try Replica(folder + "/b", keyFile: folder + "/key", log, claims)
      #expect(try await late.say("Once.", key: "k") == reply)
      #expect(late.spoken.value == 0)
      // A copy of an entry by a client, and one with another signature, change nothing.
      let entry = try #require(log.stored().first { SharedReply.decoded($0.body)?.kind == .reply })
      var forged = try #require(SharedReply.decoded(entry.body))
      forged.key = forged.key.map { $0 + "x" }
      forged.session = "another"
      log.append(try forged.encoded(), entry.signature)
      log.append(try forged.encoded(), nil)
      #expect(try await late.say("Once.", key: "kx") != reply)
      #expect(late.spoken.value == 1)
      await late.stop()
    }
  }
}

/// Claims of replicas in one process.
private final class MemoryClaims: Sendable {
  private let taken = Mutex<Set<String>>([])

  func ofReplica() -> any KeyClaims { Claims(all: self) }

  private struct Claims: KeyClaims {
    let all: MemoryClaims

    func run() async {}

    func claim(_ key: String) async throws(SpeechError) -> KeyClaim {
      while !all.taken.withLock({ $0.insert(key).inserted }) {
        guard !Task.isCancelled else { throw SpeechError(.cancelled, "the request was cancelled") }
        try? await Task.sleep(for: .milliseconds(2))
      }
      return KeyClaim(isHeld: { true }, release: { [all] in _ = all.taken.withLock { $0.remove(key) } })
    }
  }
}

/// A journal of a process that ends before its first commit.
private struct DyingJournal: ReplicatedJournal {
  let base: any ReplicatedJournal
  var replicaID: String { base.replicaID }
  func reply(key: String) async throws(SpeechError) -> StoredReply? { try await base.reply(key: key) }
  func commit(_ entry: JournalEntry) async throws(SpeechError) { throw SpeechError(.internal, "the process ended") }
  func replyLogPosition() async throws(SpeechError) -> LogPosition? { nil }
  func saveReplyLogPosition(_ position: LogPosition?) async throws(SpeechError) {}
  func take(_ reply: KeyedReply, savedAt: Date, record: AuditRecord?) async throws(SpeechError) {}
}

private final class SpokenCount: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

/// The stub engine, with a count and a pause, so that repeats meet running requests.
private struct CountedSynthesizer: SpeechSynthesizer {
  let count: SpokenCount
  private let base = StubSynthesizer()
  var model: ModelDescription { base.model }
  var languages: [Language] { base.languages }
  var builtInVoices: [BuiltInVoice] { [] }
  var defaultSampling: SamplingParameters { base.defaultSampling }

  init(count: SpokenCount) { self.count = count }

  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    try await base.conditioning(from: clips, settings: settings)
  }

  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    count.add()
    return base.synthesize(job)
  }
}
