import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

/// The voice log on a real broker.
@Suite(.timeLimit(.minutes(5)))
struct AMQPVoiceLogTests {
  /// Follows a log from `offset` until it is cancelled.
  private final class Follower: Sendable {
    private let entries = Mutex<[VoiceLogEntry]>([])

    var bodies: [String] { entries.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
    var offsets: [UInt64] { entries.withLock { $0.map(\.offset) } }

    func follow(_ log: AMQPVoiceLog, after offset: UInt64? = nil) -> Task<Void, any Error> {
      Task { try await log.follow(after: offset) { entry in self.entries.withLock { $0.append(entry) } } }
    }
  }

  /// Publishes as the replicator does: again after a failure.
  private func publish(_ body: String, to log: AMQPVoiceLog) async throws {
    try await retry { () throws(SpeechError) in
      try await log.publish(Data(body.utf8))
    } pause: { _, _ in
      .milliseconds(20)
    }
  }

  @Test func eachEntryIsAppliedOnceAcrossALostConnection() async throws {
    let broker = try await PrivateBroker.start(name: "voice-log")
    let log = AMQPVoiceLog(
      try ConnectionConfiguration(url: broker.url), name: "log.voices", logger: Logger(label: "test"))
    let follower = Follower()
    let task = follower.follow(log)
    for body in ["a", "b"] { try await publish(body, to: log) }
    try await eventually { follower.bodies == ["a", "b"] }

    try await broker.control("close_all_connections", "by a test")
    try await publish("c", to: log)
    try await eventually { follower.bodies.last == "c" }
    // A publish whose confirm was lost is sent again, so "c" may be in the log twice, but each entry is applied once.
    #expect(follower.bodies.prefix(3) == ["a", "b", "c"])
    #expect(follower.offsets == Array(0..<UInt64(follower.offsets.count)))

    task.cancel()
    try await task.value
    let late = Follower()
    let second = late.follow(log, after: 1)
    try await eventually { late.bodies.first == "c" }
    second.cancel()
    try await second.value
    try await broker.remove()
  }

  @Test func aFailureToApplyEndsTheFollowing() async throws {
    let broker = try await PrivateBroker.shared()
    let log = AMQPVoiceLog(
      try ConnectionConfiguration(url: broker.url), name: "failing.voices", logger: Logger(label: "test"))
    let failure = SpeechError(.internal, "the disk is full")
    let task = Task { try await log.follow(after: nil) { _ throws(SpeechError) in throw failure } }
    try await publish("a", to: log)
    await #expect(throws: failure) { try await task.value }
    await #expect(throws: SpeechError.self) { try await log.publish(Data()) }
  }
}
