import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

/// Claims of keys on a real broker.
@Suite(.timeLimit(.minutes(5)))
struct AMQPKeyClaimsTests {
  private func worker(_ prefix: String, user: String = "guest") async throws -> (AMQPKeyClaims, Task<Void, Never>) {
    let url = try await PrivateBroker.shared().url.replacing("guest:guest", with: "\(user):guest")
    let claims = AMQPKeyClaims(try ConnectionConfiguration(url: url), prefix: prefix, logger: Logger(label: "test"))
    return (claims, Task { await claims.run() })
  }

  @Test func oneWorkerAtATimeHasAKeyAndALostOneLosesIts() async throws {
    let (one, first) = try await worker("claims.one")
    let (two, second) = try await worker("claims.one")
    let held = try await one.claim("k")
    #expect(held.isHeld())
    let other = try await two.claim("another")
    let isTaken = Mutex(false)
    let waiting = Task {
      let claim = try await two.claim("k")
      isTaken.withLock { $0 = true }
      return claim
    }
    try await Task.sleep(for: .milliseconds(300))
    #expect(!isTaken.withLock { $0 })
    held.release()
    let next = try await waiting.value
    // The claims of a lost worker end with its connection.
    second.cancel()
    await second.value
    #expect(!next.isHeld() && !other.isHeld())
    let again = try await one.claim("k")
    #expect(again.isHeld())
    first.cancel()
    await first.value
  }

  @Test func aCancelledWaitEnds() async throws {
    let (one, first) = try await worker("claims.two")
    let (two, second) = try await worker("claims.two")
    let held = try await one.claim("k")
    let waiting = Task { try await two.claim("k") }
    try await Task.sleep(for: .milliseconds(100))
    waiting.cancel()
    let error = await #expect(throws: SpeechError.self) { _ = try await waiting.value }
    #expect(error?.code == .cancelled)
    held.release()
    for task in [first, second] {
      task.cancel()
      await task.value
    }
  }

  @Test func anAccountWithoutPermissionForTheQueuesHasItsKeysWithinTheWorker() async throws {
    let broker = try await PrivateBroker.shared()
    try await broker.control("add_user", "unclaimed", "guest")
    try await broker.control("set_permissions", "-p", "/", "unclaimed", "^$", "^$", "^$")
    let (one, first) = try await worker("claims.three", user: "unclaimed")
    let (two, second) = try await worker("claims.three")
    let held = try await two.claim("k")
    let unprotected = try await one.claim("k")
    #expect(held.isHeld() && unprotected.isHeld())
    unprotected.release()
    // The refusal closed a channel, not the connection.
    let again = try await one.claim("k")
    #expect(again.isHeld())
    for task in [first, second] {
      task.cancel()
      await task.value
    }
  }
}
