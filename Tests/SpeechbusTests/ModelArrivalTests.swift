import Checkpoint
import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import speechbus

/// A start that waits for its model tries again and again; that must fill no log and wear out no hub.
@Suite struct ModelArrivalTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "arrival-\(UUID().uuidString)")
  private let health = ServiceHealth()
  private let lines = LogLines()

  @Test func aReasonIsToldOnceAndTheHubAskedLessAndLessOften() async throws {
    let hub = try EmptyHub()
    let start = ContinuousClock.now
    let clock = ManualClock(start)
    let arrival = arrival(hub.address) { clock.now }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    await #expect(throws: CommandFailure.self) { try await arrival.complete { _ in } }
    #expect(hub.requestCount == 1)
    for second in 1...4 {
      clock.set(start + .seconds(second))
      await #expect(throws: CommandFailure.self) { try await arrival.complete { _ in } }
    }
    #expect(hub.requestCount == 1)
    clock.set(start + .seconds(5))
    await #expect(throws: CommandFailure.self) { try await arrival.complete { _ in } }
    #expect(hub.requestCount == 2)
    clock.set(start + .seconds(14))
    await #expect(throws: CommandFailure.self) { try await arrival.complete { _ in } }
    #expect(hub.requestCount == 2)
    #expect(lines.all.filter { $0 == "the model is not complete" }.count == 1)
  }

  @Test func filesThatComeEndTheWaitWhateverTheHubSaid() async throws {
    let hub = try EmptyHub()
    defer { withExtendedLifetime(hub) {} }
    let start = ContinuousClock.now
    let arrival = arrival(hub.address) { start }
    await #expect(throws: CommandFailure.self) { try await arrival.complete { _ in } }
    #expect(health.health.components["model"] == "missing")
    try DemoCheckpoint.write(to: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await arrival.complete { _ in }
    #expect(health.health.components["model"] == "loading")
  }

  @Test func filesThatDoNotLoadAreTriedAgainWhenTheyChangeAndNowAndThen() async throws {
    let start = ContinuousClock.now
    let clock = ManualClock(start)
    let arrival = arrival("http://127.0.0.1:1") { clock.now }
    try DemoCheckpoint.write(to: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let attempts = Atomic(0)
    let attempt = { @Sendable () async -> Bool in
      do {
        try await arrival.complete { _ in
          #expect(health.health.components["model"] == "loading")
          attempts.add(1, ordering: .relaxed)
          throw CommandFailure("no model")
        }
        return true
      } catch {
        return "\(error)" != "no model" || health.health.components["model"] != "unusable"
      }
    }
    #expect(await !attempt())
    clock.set(start + .seconds(4))
    #expect(await !attempt())
    #expect(attempts.load(ordering: .relaxed) == 1)
    // Other files are tried at once.
    try Data("{}".utf8).write(to: folder.appending(path: "config.json"))
    #expect(await !attempt())
    #expect(attempts.load(ordering: .relaxed) == 2)
    clock.set(start + .seconds(8))
    #expect(await !attempt())
    #expect(attempts.load(ordering: .relaxed) == 2)
    clock.set(start + .seconds(9))
    #expect(await !attempt())
    #expect(attempts.load(ordering: .relaxed) == 3)
    clock.set(start + .seconds(30))
    try await arrival.complete { _ in }
    #expect(health.health.components["model"] == "loading")
  }

  @Test func patienceGrowsToALimit() {
    let start = ContinuousClock.now
    var (patience, now) = (Patience(), start)
    #expect(patience.mayTry(at: start))
    for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
      patience.noteFailure(at: now)
      #expect(!patience.mayTry(at: now + .seconds(seconds) - .milliseconds(1)))
      now += .seconds(seconds)
      #expect(patience.mayTry(at: now))
    }
  }

  private func arrival(_ hub: String, now: @escaping @Sendable () -> ContinuousClock.Instant) -> ModelArrival {
    let lines = lines
    return ModelArrival(
      directory: folder.path,
      environment: Environment(variables: ["HF_ENDPOINT": hub, "COQUI_TOS_AGREED": "1"]),
      // No manifest pins it, so the hub is asked for its first file and no other.
      repositoryID: "someone/model",
      health: health, logger: Logger(label: "test") { _ in lines }, now: now)
  }
}

/// What was logged, without metadata.
private final class LogLines: LogHandler {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  subscript(metadataKey _: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) { lines.withLock { $0.append("\(event.message)") } }
}

/// Answers 404 to whatever it is asked, on the loopback, and counts.
private final class EmptyHub: Sendable {
  private let socket: LoopbackSocket
  private let count = Atomic(0)

  var address: String { socket.address }

  var requestCount: Int { count.load(ordering: .acquiring) }

  init() throws {
    socket = try LoopbackSocket(listens: true)
    socket.serve { [weak self] in self?.answer($0) }
  }

  private func answer(_ connection: Int32) {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let received = recv(connection, &buffer, buffer.count, 0)
      guard received > 0 else { return }
      request += buffer[..<received]
    }
    count.add(1, ordering: .acquiringAndReleasing)
    let reply = Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
    _ = send(connection, reply, reply.count, Int32(MSG_NOSIGNAL))
  }
}
