import Foundation
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

struct RequestHandlerTests {
  private let request = SynthesisRequest(text: "hello")

  private func context(_ key: String?) -> RequestContext {
    RequestContext(transport: .http, idempotencyKey: key)
  }

  @Test func aRepeatGetsTheStoredReplyWithoutWork() async throws {
    let handler = CountingEngine()
    let requests = handler.requests()
    let first = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    let second = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    #expect(first == second)
    #expect(await handler.count == 1)
    _ = try await requests.synthesize(request, context: context("other"), onAudio: nil)
    _ = try await requests.synthesize(request, context: context(nil), onAudio: nil)
    #expect(await handler.count == 3)
  }

  @Test func aKeyBelongsToItsUser() async throws {
    let handler = CountingEngine()
    let requests = handler.requests()
    for _ in 0..<2 {
      for user in ["anna", "ben", "", nil] {
        var request = SynthesisRequest(text: "for \(user ?? "unknown")")
        request.userID = user
        _ = try await requests.synthesize(request, context: context("order-2"), onAudio: nil)
      }
    }
    #expect(await handler.count == 4)
  }

  @Test func aKeyBelongsToItsToken() async throws {
    let handler = CountingEngine()
    let requests = handler.requests()
    for _ in 0..<2 {
      for token in ["shop", "studio", nil] {
        var context = context("order-2")
        context.tokenName = token
        _ = try await requests.synthesize(
          SynthesisRequest(text: "for \(token ?? "all")"), context: context, onAudio: nil)
      }
    }
    #expect(await handler.count == 3)
  }

  @Test func aRepeatedStreamIsCutTheSameWay() async throws {
    let handler = CountingEngine()
    let requests = handler.requests()
    let chunks = Chunks()
    let first = try await requests.synthesize(request, context: context("k")) { await chunks.append($0) }
    let sent = await chunks.all
    let second = try await requests.synthesize(request, context: context("k")) { await chunks.append($0) }
    #expect(first == second)
    #expect(await chunks.all == sent + sent)
    #expect(sent.count == 5)
    #expect(await handler.count == 1)
  }

  @Test func aStreamOverTheBoundIsNotKept() async throws {
    let handler = CountingEngine()
    let requests = handler.requests(maximumStoredBytes: 4)
    _ = try await requests.synthesize(request, context: context("k")) { _ in }
    _ = try await requests.synthesize(request, context: context("k")) { _ in }
    #expect(await handler.count == 2)
  }

  @Test func aRepeatWaitsForTheRunningFirst() async throws {
    let handler = CountingEngine(waits: true)
    let requests = handler.requests()
    async let first = requests.synthesize(request, context: context("k"), onAudio: nil)
    await handler.started()
    async let second = requests.synthesize(request, context: context("k"), onAudio: nil)
    await handler.release()
    let (one, two) = try await (first, second)
    #expect(one == two)
    #expect(await handler.count == 1)
  }

  @Test func afterACancelledFirstTheRepeatDoesTheWork() async throws {
    let handler = CountingEngine(waits: true)
    let requests = handler.requests()
    let first = Task { try await requests.synthesize(request, context: context("k"), onAudio: nil) }
    await handler.started()
    let repeated = context("k")
    let second = Task { try await requests.synthesize(request, context: repeated, onAudio: nil) }
    first.cancel()
    await handler.release()
    await #expect(throws: SpeechError.self) { try await first.value }
    #expect(try await second.value.requestID == repeated.requestID)
  }

  @Test func aWaitingRepeatCanBeCancelled() async throws {
    let turns = KeyedTurns()
    try await turns.enter("k")
    let waiter = Task { try await turns.enter("k") }
    while turns.waitingCount("k") == 0 { await Task.yield() }
    waiter.cancel()
    await #expect(throws: SpeechError.self) { try await waiter.value }
    turns.leave("k")
    try await turns.enter("k")
  }

  @Test(arguments: [(RequestContext.Transport.http, "idempotency_key"), (.amqp, "message_id")])
  func aKeyBelongsToOneRequest(transport: RequestContext.Transport, field: String) async throws {
    let requests = CountingEngine().requests()
    let context = RequestContext(transport: transport, idempotencyKey: "k")
    _ = try await requests.synthesize(request, context: context, onAudio: nil)
    let error = await #expect(throws: SpeechError.self) {
      try await requests.synthesize(SynthesisRequest(text: "other"), context: context, onAudio: nil)
    }
    #expect(error?.code == .invalidRequest && error?.field == field)
    #expect(error?.message.contains(field) == true)
    let long = RequestContext(transport: transport, idempotencyKey: String(repeating: "k", count: 300))
    let refusal = await #expect(throws: SpeechError.self) {
      try await requests.synthesize(request, context: long, onAudio: nil)
    }
    #expect(refusal?.field == field && refusal?.message.contains("255") == true)
  }

  @Test func failuresAreTriedAgain() async throws {
    let handler = CountingEngine(failures: 1)
    let requests = handler.requests()
    await #expect(throws: SpeechError.self) {
      try await requests.synthesize(request, context: context("k"), onAudio: nil)
    }
    _ = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    #expect(await handler.count == 2)
  }

  @Test func aRepeatedRegistrationMakesOneVoice() async throws {
    let journal = MemoryJournal()
    let handler = CountingVoices(journal: journal)
    let requests = handler.requests()
    var registration = VoiceRegistration(displayName: "Ada", samples: [.inline(Data([1]))])
    registration.consent = "I agree."
    let first = try await requests.registerVoice(registration, context: context("k"))
    #expect(try await requests.registerVoice(registration, context: context("k")) == first)
    let digest = SHA256.hash(data: Data("I agree.".utf8)).hexadecimal
    #expect(await journal.records.allSatisfy { $0.settings == ["consent": digest] })
    #expect(await handler.count == 1)
    #expect(await journal.records.map(\.outcome) == ["ok", "replayed"])
    #expect(await journal.records.map(\.voiceID) == ["v1", "v1"])
  }

  /// A redelivered registration without a key is not executed again; the same registration in a new message is.
  @Test func aRedeliveredRegistrationMakesOneVoice() async throws {
    let journal = MemoryJournal()
    let handler = CountingVoices(journal: journal)
    let requests = handler.requests()
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
    let requests = CountingEngine(failures: 1).requests(journal)
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
    let requests = CountingEngine(failures: 1).requests(journal)
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
    let requests = RequestHandler(
      .open(journal, .failure(SpeechError(.modelUnavailable, "the model is still loading"))))
    _ = try? await requests.synthesize(request, context: context(nil), onAudio: nil)
    _ = try? await requests.registerVoice(VoiceRegistration(samples: [.inline(Data([1]))]), context: context("k"))
    _ = try? await requests.deleteVoice(id: "v", removesAudio: false, context: context(nil))
    let records = await journal.records
    #expect(records.map(\.action) == [.synthesize, .registerVoice, .deleteVoice])
    #expect(records.allSatisfy { $0.errorCode == .modelUnavailable })
  }

  @Test func aClosedServiceRefusesAndRecordsNothing() async throws {
    let journal = MemoryJournal()
    let requests = CountingEngine().requests(journal)
    let stopping = SpeechError(.modelUnavailable, "the service stops")
    requests.use(.closed(stopping))
    await #expect(throws: stopping) { try await requests.synthesize(request, context: context("k"), onAudio: nil) }
    await #expect(throws: stopping) { try await requests.voices() }
    try await requests.recordRefusal(SpeechError(.invalidJSON, ""), of: .synthesize, context: context(nil))
    #expect(await journal.records.isEmpty)
  }

  @Test func everySynthesisIsCountedOnce() async throws {
    let outcomes = Mutex<[String]>([])
    let requests = CountingEngine(failures: 1).requests { _, result in
      outcomes.withLock { $0.append((try? result.get()).map { _ in "ok" } ?? "error") }
    }
    _ = try? await requests.synthesize(request, context: context("k"), onAudio: nil)
    _ = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    _ = try await requests.synthesize(request, context: context("k"), onAudio: nil)
    let error = SpeechError(.invalidJSON, "unreadable")
    try await requests.recordRefusal(error, of: .synthesize, context: context(nil))
    try await requests.recordRefusal(error, of: .deleteVoice, context: context(nil))
    requests.use(.closed(error))
    _ = try? await requests.synthesize(request, context: context(nil), onAudio: nil)
    #expect(outcomes.withLock { $0 } == ["error", "ok", "ok", "error", "error"])
  }
}

private actor Chunks {
  private(set) var all: [Data] = []
  func append(_ chunk: Data) { all.append(chunk) }
}

/// Counts the jobs that reach the engine; it can delay them or fail.
private actor CountingEngine {
  private(set) var count = 0
  private var failures: Int
  private var gate: CheckedContinuation<Void, Never>?
  private var waits: Bool
  private var startWaiters: [CheckedContinuation<Void, Never>] = []

  init(waits: Bool = false, failures: Int = 0) {
    self.waits = waits
    self.failures = failures
  }

  nonisolated func requests(
    _ journal: MemoryJournal = MemoryJournal(), maximumStoredBytes: Int = 1 << 20,
    onEnd: @escaping @Sendable (RequestContext, Result<SynthesisReply, SpeechError>) -> Void = { _, _ in }
  ) -> RequestHandler {
    let service = SynthesisService(
      synthesizer: GatedSynthesizer(engine: self), voiceCatalog: StubVoiceCatalog(), modelDirectory: "")
    return RequestHandler(.open(journal, .success(service)), maximumStoredBytes: maximumStoredBytes, onEnd: onEnd)
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

  func pass() async throws {
    count += 1
    if failures > 0 {
      failures -= 1
      throw SpeechError(.overloaded, "busy")
    }
    guard waits else { return }
    await withCheckedContinuation { continuation in
      gate = continuation
      for waiter in startWaiters { waiter.resume() }
      startWaiters = []
    }
  }
}

/// The stub engine behind a ``CountingEngine``.
private struct GatedSynthesizer: SpeechSynthesizer {
  let engine: CountingEngine
  private let base = StubSynthesizer()
  var model: ModelDescription { base.model }
  var languages: [Language] { base.languages }
  var builtInVoices: [BuiltInVoice] { [] }
  var defaultSampling: SamplingParameters { base.defaultSampling }

  init(engine: CountingEngine) { self.engine = engine }

  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    try await base.conditioning(from: clips, settings: settings)
  }

  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    AsyncThrowingStream { continuation in
      Task {
        do {
          try await engine.pass()
          for try await event in base.synthesize(job) { continuation.yield(event) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
  }
}

/// Counts the registrations, and commits each with its record as the registry does.
private actor CountingVoices: VoiceCatalog {
  private(set) var count = 0
  private let journal: MemoryJournal

  init(journal: MemoryJournal) { self.journal = journal }

  nonisolated func requests() -> RequestHandler {
    let service = SynthesisService(synthesizer: nil, voiceCatalog: self, modelDirectory: "")
    return RequestHandler(.open(journal, .success(service)))
  }

  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary {
    count += 1
    let voice = VoiceSummary(voiceID: "v\(count)", displayName: "", language: .english)
    if let entry = try ending?(voice) { try await journal.commit(entry) }
    return voice
  }

  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    try await StubVoiceCatalog().resolve(reference)
  }

  func list() async throws(SpeechError) -> [VoiceSummary] { [] }
  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError) { count += 1 }
}
