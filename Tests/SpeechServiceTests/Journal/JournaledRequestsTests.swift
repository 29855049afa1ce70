import Foundation
import SpeechCore
import Testing

@testable import SpeechService

struct JournaledRequestsTests {
  private let request = SynthesisRequest(text: "hello")

  private func context(_ key: String?) -> RequestContext {
    RequestContext(transport: .http, idempotencyKey: key)
  }

  @Test func aRepeatGetsTheStoredReplyWithoutWork() async throws {
    let handler = CountingWork()
    let requests = JournaledRequests(handler, journal: MemoryJournal())
    let first = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    let second = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    #expect(first == second)
    #expect(await handler.count == 1)
    _ = try await requests.synthesize(request, context: context("other"), onAudio: nil)
    _ = try await requests.synthesize(request, context: context(nil), onAudio: nil)
    #expect(await handler.count == 3)
  }

  @Test func aRepeatedStreamIsCutTheSameWay() async throws {
    let handler = CountingWork()
    let requests = JournaledRequests(handler, journal: MemoryJournal())
    let chunks = Chunks()
    let first = try await requests.synthesize(request, context: context("k")) { await chunks.append($0) }
    let sent = await chunks.all
    let second = try await requests.synthesize(request, context: context("k")) { await chunks.append($0) }
    #expect(first == second)
    #expect(await chunks.all == sent + sent)
    #expect(sent.count == 3)
    #expect(await handler.count == 1)
  }

  @Test func aStreamOverTheBoundIsNotKept() async throws {
    let handler = CountingWork()
    let requests = JournaledRequests(handler, journal: MemoryJournal(), maximumStoredBytes: 4)
    _ = try await requests.synthesize(request, context: context("k")) { _ in }
    _ = try await requests.synthesize(request, context: context("k")) { _ in }
    #expect(await handler.count == 2)
  }

  @Test func aRepeatWaitsForTheRunningFirst() async throws {
    let handler = CountingWork(waits: true)
    let requests = JournaledRequests(handler, journal: MemoryJournal())
    async let first = requests.synthesize(request, context: context("k"), onAudio: nil)
    await handler.started()
    async let second = requests.synthesize(request, context: context("k"), onAudio: nil)
    await handler.release()
    let (one, two) = try await (first, second)
    #expect(one == two)
    #expect(await handler.count == 1)
  }

  @Test func afterACancelledFirstTheRepeatDoesTheWork() async throws {
    let handler = CountingWork(waits: true)
    let requests = JournaledRequests(handler, journal: MemoryJournal())
    let first = Task { try await requests.synthesize(request, context: context("k"), onAudio: nil) }
    await handler.started()
    let second = Task { try await requests.synthesize(request, context: context("k"), onAudio: nil) }
    first.cancel()
    await handler.release()
    await #expect(throws: SpeechError.self) { try await first.value }
    #expect(try await second.value.requestID == "r2")
  }

  @Test func aWaitingRepeatCanBeCancelled() async throws {
    let turns = KeyedTurns()
    try await turns.enter("k")
    let waiter = Task { try await turns.enter("k") }
    while await turns.waitingCount("k") == 0 { await Task.yield() }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
    await turns.leave("k")
    try await turns.enter("k")
  }

  @Test func aKeyBelongsToOneRequest() async throws {
    let requests = JournaledRequests(CountingWork(), journal: MemoryJournal())
    _ = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    let error = await #expect(throws: SpeechError.self) {
      try await requests.synthesize(SynthesisRequest(text: "other"), context: context("k"), onAudio: nil)
    }
    #expect(error?.code == .invalidRequest)
    await #expect(throws: SpeechError.self) {
      try await requests.synthesize(request, context: context(String(repeating: "k", count: 300)), onAudio: nil)
    }
  }

  @Test func failuresAreTriedAgain() async throws {
    let handler = CountingWork(failures: 1)
    let requests = JournaledRequests(handler, journal: MemoryJournal())
    await #expect(throws: SpeechError.self) {
      try await requests.synthesize(request, context: context("k"), onAudio: nil)
    }
    _ = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    #expect(await handler.count == 2)
  }

  @Test func aRepeatedRegistrationMakesOneVoice() async throws {
    let journal = MemoryJournal()
    let handler = CountingWork(journal: journal)
    let requests = JournaledRequests(handler, journal: journal)
    let registration = VoiceRegistration(displayName: "Ada", samples: [.inline(Data([1]))])
    let first = try await requests.registerVoice(registration, context: context("k"))
    #expect(try await requests.registerVoice(registration, context: context("k")) == first)
    #expect(await handler.count == 1)
    #expect(await journal.records.map(\.outcome) == ["ok", "replayed"])
    #expect(await journal.records.map(\.voiceID) == ["v1", "v1"])
  }

  /// F13: a registration without a key is not done again when the bus delivers it again; sent anew, it is.
  @Test func aRedeliveredRegistrationMakesOneVoice() async throws {
    let journal = MemoryJournal()
    let handler = CountingWork(journal: journal)
    let requests = JournaledRequests(handler, journal: journal)
    let registration = VoiceRegistration(displayName: "Ada", samples: [.inline(Data([1]))])
    func delivered(_ parts: [String], again: Bool) -> RequestContext {
      var context = RequestContext(transport: .amqp)
      context.deliveryKey = RequestContext.DeliveryKey(parts: parts.map { Data($0.utf8) }, isRedelivered: again)
      return context
    }
    let first = try await requests.registerVoice(registration, context: delivered(["a", "b"], again: false))
    let again = try await requests.registerVoice(registration, context: delivered(["a", "b"], again: true))
    #expect(again == first)
    let other = try await requests.registerVoice(registration, context: delivered(["ab", ""], again: true))
    let anew = try await requests.registerVoice(registration, context: delivered(["a", "b"], again: false))
    #expect(Set([first, other, anew].map(\.voiceID)).count == 3)
    #expect(try await requests.registerVoice(registration, context: delivered(["a", "b"], again: true)) == anew)
    #expect(await handler.count == 3)
    #expect(await journal.records.map(\.outcome) == ["ok", "replayed", "ok", "ok", "replayed"])
  }

  @Test func everyEndLeavesOneRow() async throws {
    let journal = MemoryJournal()
    let requests = JournaledRequests(CountingWork(failures: 1), journal: journal)
    let failed = context("k")
    _ = try? await requests.synthesize(request, context: failed, onAudio: nil)
    let first = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    let repeated = context("k")
    _ = try await requests.synthesize(request, context: repeated, onAudio: nil)
    _ = try? await requests.synthesize(SynthesisRequest(text: "other"), context: context("k"), onAudio: nil)
    _ = try await requests.synthesize(request, context: context(nil), onAudio: nil)
    try await requests.recordRefusal(
      SpeechError(.invalidJSON, "unreadable"), of: .registerVoice, context: context(nil))
    let records = await journal.records
    #expect(records.map(\.outcome) == ["error", "ok", "replayed", "error", "ok", "error"])
    #expect(records.map(\.errorCode) == [.overloaded, nil, nil, .invalidRequest, nil, .invalidJSON])
    #expect(records[0].requestID == failed.requestID && records[0].idempotencyKey == "k")
    #expect(records[2].requestID == repeated.requestID && records[2].originalRequestID == first.requestID)
    #expect(records[5].action == .registerVoice)
  }

  @Test func anAnswerWithoutItsRowIsNone() async throws {
    let journal = MemoryJournal()
    let requests = JournaledRequests(CountingWork(failures: 1), journal: journal)
    await journal.breakDown()
    for _ in 0..<2 {
      let error = await #expect(throws: SpeechError.self) {
        try await requests.synthesize(request, context: context("k"), onAudio: nil)
      }
      #expect(error?.code == .internal && error?.isRetryable == true)
    }
    #expect(await journal.records.isEmpty)
  }

  @Test func whileTheModelLoadsRequestsAreRefusedOnRecord() async throws {
    let journal = MemoryJournal()
    let requests = JournaledRequests(UnavailableSpeech(), journal: journal)
    _ = try? await requests.synthesize(request, context: context(nil), onAudio: nil)
    _ = try? await requests.registerVoice(VoiceRegistration(samples: [.inline(Data([1]))]), context: context("k"))
    _ = try? await requests.deleteVoice(id: "v", context: context(nil))
    let records = await journal.records
    #expect(records.map(\.action) == [.synthesize, .registerVoice, .deleteVoice])
    #expect(records.allSatisfy { $0.errorCode == .modelUnavailable })
  }
}

private actor Chunks {
  private(set) var all: [Data] = []
  func append(_ chunk: Data) { all.append(chunk) }
}

/// Counts what reaches it; may wait, may fail.
private actor CountingWork: SpeechWork {
  private(set) var count = 0
  private let journal: MemoryJournal
  private var failures: Int
  private var gate: CheckedContinuation<Void, Never>?
  private var waits: Bool
  private var startWaiters: [CheckedContinuation<Void, Never>] = []

  init(waits: Bool = false, failures: Int = 0, journal: MemoryJournal = MemoryJournal()) {
    self.journal = journal
    self.waits = waits
    self.failures = failures
  }

  func started() async {
    guard gate == nil else { return }
    await withCheckedContinuation { startWaiters.append($0) }
  }

  func release() {
    waits = false
    gate?.resume()
    gate = nil
  }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    count += 1
    let id = "r\(count)"
    if failures > 0 {
      failures -= 1
      throw SpeechError(.overloaded, "busy")
    }
    if waits {
      await withCheckedContinuation { continuation in
        gate = continuation
        for waiter in startWaiters { waiter.resume() }
        startWaiters = []
      }
    }
    if Task.isCancelled { throw SpeechError(.cancelled, "cancelled") }
    do {
      for chunk in [3, 2, 4] { try await onAudio?(Data(repeating: UInt8(chunk), count: chunk)) }
    } catch {
      throw SpeechError(.cancelled, "cancelled")
    }
    return SynthesisReply(
      requestID: id, format: .wav, sampleRate: 24_000, audio: onAudio == nil ? Data([1, 2]) : nil, durationSeconds: 1,
      speakerID: "default", language: .english, seed: 1, sha256: "", segments: [],
      timings: .init(queueSeconds: 0, firstAudioSeconds: 0, totalSeconds: 0, realTimeFactor: 0),
      model: ModelDescription(repo: "", revision: "", sha256: "", precision: "", device: ""), warnings: [])
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] { [] }
  func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary {
    count += 1
    let voice = VoiceSummary(voiceID: "v\(count)", displayName: "", language: .english)
    try await journal.commit(try ending(voice))
    return voice
  }
  func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError) { count += 1 }
  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    ServiceConfiguration(modelRepo: "", modelDirectory: "", languages: [], voices: [])
  }
}
