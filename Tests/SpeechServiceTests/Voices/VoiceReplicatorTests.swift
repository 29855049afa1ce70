import Foundation
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

struct VoiceReplicatorTests {
  private func replicator(_ process: VoiceFixture.Process, _ log: MemoryVoiceLog) -> VoiceReplicator {
    VoiceReplicator(
      store: process.store, position: process.position, log: log, modelDigest: "m1", pollInterval: .milliseconds(10),
      backOff: RetryBackoff(initial: .milliseconds(1), maximum: .milliseconds(10)))
  }

  /// Publishes the waiting changes and applies all entries of the log.
  private func exchange(_ process: VoiceFixture.Process, _ log: MemoryVoiceLog) async throws {
    let replicator = replicator(process, log)
    try await replicator.publishPending()
    let offset = try await process.position.lastAppliedOffset()
    for entry in log.stored(after: offset) { try await replicator.apply(entry) }
  }

  @Test func aVoiceOfOneReplicaSpeaksOnAnotherWithoutConditioning() async throws {
    let (here, there, log) = (try VoiceFixture(), try VoiceFixture(), MemoryVoiceLog())
    let (one, two) = (try here.start(), try there.start())
    let voice = try await one.registry.register(
      VoiceRegistration(displayName: "Bo", language: .german, samples: [.inline(try tone())]))
    try await exchange(one, log)
    try await exchange(two, log)
    #expect(try await two.registry.list().map(\.displayName).contains("Bo"))
    #expect(try await two.registry.resolve(.named(voice.voiceID)) == one.registry.resolve(.named(voice.voiceID)))
    #expect(there.engine.callCount == 0)
    #expect(try await two.store.samples(voiceID: voice.voiceID) == one.store.samples(voiceID: voice.voiceID))
    #expect(try await two.position.pendingChanges(limit: 1).isEmpty)

    try await two.registry.delete(id: voice.voiceID)
    try await exchange(two, log)
    try await exchange(one, log)
    #expect(try await one.store.voice(id: voice.voiceID)?.deletedAt != nil)
  }

  @Test func aReplicaThatStartsLaterCatchesUpAndRepetitionDoesNoHarm() async throws {
    let (here, there, log) = (try VoiceFixture(), try VoiceFixture(), MemoryVoiceLog())
    let one = try here.start()
    let kept = try await one.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    let gone = try await one.registry.register(VoiceRegistration(samples: [.inline(try tone(330))]))
    try await exchange(one, log)
    try await one.registry.delete(id: gone.voiceID)
    try await exchange(one, log)

    let two = try there.start()
    try await exchange(two, log)
    for entry in log.stored(after: nil) { try await replicator(two, log).apply(entry) }
    #expect(try await two.store.voices().map(\.voiceID) == [kept.voiceID])
    #expect(try await two.position.lastAppliedOffset() == 2)
  }

  @Test func whatTheBrokerDidNotConfirmStaysPending() async throws {
    let (fixture, log) = (try VoiceFixture(), MemoryVoiceLog())
    let process = try fixture.start()
    _ = try await process.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    log.fails(true)
    await #expect(throws: SpeechError.self) { try await replicator(process, log).publishPending() }
    #expect(try await process.position.pendingChanges(limit: 10).count == 1)
    log.fails(false)
    try await replicator(process, log).publishPending()
    #expect(try await process.position.pendingChanges(limit: 10).isEmpty)
    #expect(log.stored(after: nil).count == 1)
  }

  @Test func aVoiceDeletedBeforeItWasToldOfIsNotTold() async throws {
    let (fixture, log) = (try VoiceFixture(), MemoryVoiceLog())
    let process = try fixture.start()
    let voice = try await process.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    try await process.registry.delete(id: voice.voiceID)
    try await exchange(process, log)
    #expect(log.stored(after: nil).count == 1)
    #expect(VoiceChange.decoded(log.stored(after: nil)[0].body)?.kind == .deleted)
  }

  @Test func messagesThatDoNotCheckOutArePassedBy() async throws {
    let (here, there, log) = (try VoiceFixture(), try VoiceFixture(), MemoryVoiceLog())
    let one = try here.start()
    _ = try await one.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    try await exchange(one, log)
    let good = log.stored(after: nil)[0].body
    var change = try #require(VoiceChange.decoded(good))
    change.samples[0].audio.append(0)
    try await log.publish(try change.encoded())
    change = try #require(VoiceChange.decoded(good))
    change.voice.voiceID = "default"
    try await log.publish(try change.encoded())
    try await log.publish(Data("{]".utf8))
    try await log.publish(Data())

    let two = try there.start()
    try await exchange(two, log)
    #expect(try await two.store.voices().count == 1)
    #expect(try await two.position.lastAppliedOffset() == 4)
  }

  @Test func runningReplicatorsKeepTwoDatabasesAlike() async throws {
    let (here, there, log) = (try VoiceFixture(), try VoiceFixture(), MemoryVoiceLog())
    let (one, two) = (try here.start(), try there.start())
    let running = [one, two].map { process in Task { await replicator(process, log).run() } }
    let voice = try await one.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    while try await two.store.voice(id: voice.voiceID) == nil { try await Task.sleep(for: .milliseconds(5)) }
    log.disconnect()
    try await two.registry.delete(id: voice.voiceID)
    while try await one.store.voice(id: voice.voiceID)?.deletedAt == nil { try await Task.sleep(for: .milliseconds(5)) }
    for task in running {
      task.cancel()
      await task.value
    }
  }
}

/// An in-memory stream that behaves like the broker's: it has offsets, replays from any of them, and its connections
/// end.
private final class MemoryVoiceLog: VoiceChangeLog {
  private struct State {
    var bodies: [Data] = []
    var isFailing = false
    var readers: [Int: AsyncThrowingStream<VoiceLogEntry, any Error>.Continuation] = [:]
    var nextReader = 0
  }

  private let state = Mutex(State())

  func fails(_ fails: Bool) { state.withLock { $0.isFailing = fails } }

  func disconnect() {
    let readers = state.withLock { state in
      defer { state.readers = [:] }
      return Array(state.readers.values)
    }
    for reader in readers { reader.finish(throwing: SpeechError(.internal, "connection lost")) }
  }

  func stored(after offset: UInt64?) -> [VoiceLogEntry] {
    state.withLock { Self.entries($0, offset) }
  }

  func publish(_ body: Data) async throws(SpeechError) {
    let isStored = state.withLock { state in
      guard !state.isFailing else { return false }
      let entry = VoiceLogEntry(offset: UInt64(state.bodies.count), body: body)
      state.bodies.append(body)
      for reader in state.readers.values { reader.yield(entry) }
      return true
    }
    guard isStored else { throw SpeechError(.internal, "not confirmed") }
  }

  func follow(
    after offset: UInt64?, _ apply: @escaping @Sendable (VoiceLogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError) {
    do {
      for try await entry in entries(after: offset) { try await apply(entry) }
    } catch {
      throw SpeechError(describing: error)
    }
  }

  private func entries(after offset: UInt64?) -> AsyncThrowingStream<VoiceLogEntry, any Error> {
    AsyncThrowingStream { continuation in
      state.withLock { state in
        for entry in Self.entries(state, offset) { continuation.yield(entry) }
        state.readers[state.nextReader] = continuation
        state.nextReader += 1
      }
    }
  }

  private static func entries(_ state: State, _ offset: UInt64?) -> [VoiceLogEntry] {
    let first = offset.map { Int($0) + 1 } ?? 0
    return state.bodies.enumerated().dropFirst(first).map { VoiceLogEntry(offset: UInt64($0), body: $1) }
  }
}
