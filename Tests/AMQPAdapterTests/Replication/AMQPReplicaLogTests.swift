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
struct AMQPReplicaLogTests {
  /// Follows a log from `offset` until it is cancelled.
  private final class Follower: Sendable {
    private let entries = Mutex<[LogEntry]>([])

    var bodies: [String] { entries.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
    var all: [LogEntry] { entries.withLock { $0 } }
    func position(of body: String) -> LogPosition? { all.first { $0.body == Data(body.utf8) }?.position }
    var offsets: [UInt64] { entries.withLock { $0.map(\.offset) } }

    func follow(_ log: AMQPReplicaLog, after position: LogPosition? = nil) -> Task<Void, any Error> {
      Task { try await log.follow(after: position) { entry in self.entries.withLock { $0.append(entry) } } }
    }
  }

  /// Publishes as the replicator does: again after a failure.
  private func publish(_ body: String, to log: AMQPReplicaLog) async throws {
    try await retry { () throws(SpeechError) in
      try await log.publish(Data(body.utf8), signature: "signature of \(body)")
    } pause: { _, _ in
      .milliseconds(20)
    }
  }

  @Test func eachEntryIsAppliedOnceAcrossALostConnection() async throws {
    let broker = try await PrivateBroker.start(name: "voice-log")
    let log = AMQPReplicaLog(
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
    let second = late.follow(log, after: follower.position(of: "b"))
    try await eventually { late.bodies.first == "c" }
    second.cancel()
    try await second.value
    try await broker.remove()
  }

  @Test func aFailureToApplyEndsTheFollowing() async throws {
    let broker = try await PrivateBroker.shared()
    let log = AMQPReplicaLog(
      try ConnectionConfiguration(url: broker.url), name: "failing.voices", logger: Logger(label: "test"))
    let failure = SpeechError(.internal, "the disk is full")
    let task = Task { try await log.follow(after: nil) { _ throws(SpeechError) in throw failure } }
    try await publish("a", to: log)
    await #expect(throws: failure) { try await task.value }
    await #expect(throws: SpeechError.self) { try await log.publish(Data(), signature: "") }
  }

  @Test func entriesHaveTheirSignatureAndThoseOfClientsAreKnownByTheirExchange() async throws {
    let url = try await PrivateBroker.shared().url
    let log = AMQPReplicaLog(
      try ConnectionConfiguration(url: url), name: "signed.voices", logger: Logger(label: "test"))
    let follower = Follower()
    let task = follower.follow(log)
    try await publish("a", to: log)
    let client = try await Connection.openAny(try ConnectionConfiguration(url: url))
    let copy = Message(
      properties: MessageProperties(headers: ["x-signature": "signature of a"]), body: Data("a".utf8))
    try await client.openChannel().publish(copy, routingKey: "signed.voices")
    try await eventually { follower.all.count == 2 }
    #expect(follower.all.map(\.signature) == ["signature of a", "signature of a"])
    #expect(follower.all.map(\.isFromReplicas) == [true, false])
    await client.close()
    task.cancel()
    try await task.value
  }

  /// F5 of the adversary's list: readers notice that the stream is another one, while they read and when they start.
  @Test(arguments: [false, true])
  func aStreamThatWasDeletedOrErasedIsAnotherLog(erases: Bool) async throws {
    let configuration = try ConnectionConfiguration(url: try await PrivateBroker.shared().url)
    let name = "replaced-\(erases).voices"
    let log = AMQPReplicaLog(configuration, name: name, logger: Logger(label: "test"))
    let follower = Follower()
    let task = follower.follow(log)
    for body in ["a", "b", "c"] { try await publish(body, to: log) }
    try await eventually { follower.bodies == ["a", "b", "c"] }
    if erases {
      let first = ["x", "y", "z", "w"].map { (body: Data($0.utf8), signature: "s") }
      try await log.erase(beginningWith: first)
    } else {
      let connection = try await Connection.openAny(configuration)
      try await connection.openChannel().delete(queue: name)
      await connection.close()
    }
    try await task.value
    #expect(follower.bodies == ["a", "b", "c"])
    // A replica that was not running then.
    try await log.follow(after: follower.position(of: "b")) { _ in }
    let next = Follower()
    let second = next.follow(log)
    try await publish("d", to: log)
    try await eventually { next.bodies == (erases ? ["x", "y", "z", "w", "d"] : ["d"]) }
    second.cancel()
    try await second.value
  }
}
