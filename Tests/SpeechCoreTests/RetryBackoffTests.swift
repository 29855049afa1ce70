import SpeechCore
import Testing

@Suite struct RetryBackoffTests {
  private struct Failure: Error {}

  private let backoff = RetryBackoff(initial: .seconds(1), maximum: .seconds(4))

  @Test func theDelayDoublesUpToItsMaximum() {
    #expect((0..<4).map { backoff.delay(attempt: $0, jitter: 0) } == [1, 2, 4, 4].map { .seconds($0) })
    #expect(backoff.delay(attempt: 500, jitter: 0) == .seconds(4))
  }

  @Test func jitterRemovesUpToHalf() {
    #expect(backoff.delay(attempt: 0, jitter: 1) == .milliseconds(500))
    #expect(backoff.delay(attempt: -3, jitter: -7) == .seconds(1))
  }

  @Test func anOperationIsRepeatedUntilItSucceeds() async throws {
    var attempts: [Int] = []
    var remaining = 3
    let result = try await retry { () throws(Failure) -> String in
      remaining -= 1
      if remaining > 0 { throw Failure() }
      return "done"
    } pause: { _, attempt in
      attempts.append(attempt)
      return .zero
    }
    #expect(result == "done" && attempts == [0, 1])
  }

  @Test func theLastErrorIsThrownWithoutAFurtherPause() async {
    var count = 0
    await #expect(throws: Failure.self) {
      try await retry { () throws(Failure) -> Void in
        count += 1
        throw Failure()
      } pause: { _, attempt in
        attempt < 2 ? .zero : nil
      }
    }
    #expect(count == 3)
  }

  @Test func cancellationEndsTheAttempts() async {
    let task = Task {
      try await retry { () throws(Failure) -> Void in
        throw Failure()
      } pause: { _, _ in
        .seconds(3600)
      }
    }
    task.cancel()
    await #expect(throws: Failure.self) { try await task.value }
  }
}
