import SpeechCore
import Testing

@testable import AMQPAdapter

struct FailurePolicyTests {
  private let policy = FailurePolicy(maxAttempts: 4, retryDelays: [.seconds(1), .seconds(5)])
  private let now = ContinuousClock.now
  private let permanent = SpeechError(.textEmpty, "empty")
  private let transient = SpeechError(.internal, "broken")

  private func disposition(
    _ error: SpeechError, attempt: Int = 1, replyTo: Bool = true, deadline: ContinuousClock.Instant? = nil,
    audio: Bool = false
  ) -> Disposition {
    policy.disposition(
      of: error, attempt: attempt, hasReplyTo: replyTo, deadline: deadline, now: now, audioWasSent: audio)
  }

  @Test func permanentErrorsAreAnsweredOrParked() {
    #expect(disposition(permanent) == .reply(permanent))
    #expect(disposition(permanent, replyTo: false) == .park(permanent, replies: false))
  }

  @Test func expiredAndCancelledRequestsAreNoDeadLetters() {
    for code in [SpeechError.Code.deadlineExceeded, .cancelled] {
      let error = SpeechError(code, "ended")
      #expect(disposition(error) == .reply(error) && disposition(error, replyTo: false) == .drop(error))
    }
  }

  @Test func transientErrorsAreRetriedWithGrowingDelays() {
    #expect(disposition(transient, attempt: 1) == .retry(after: .seconds(1), failedAttempts: 1))
    #expect(disposition(transient, attempt: 2) == .retry(after: .seconds(5), failedAttempts: 2))
    #expect(disposition(transient, attempt: 3) == .retry(after: .seconds(5), failedAttempts: 3))
    #expect(disposition(transient, attempt: 4) == .park(transient, replies: true))
    #expect(disposition(transient, attempt: 4, replyTo: false) == .park(transient, replies: false))
    #expect(disposition(transient, attempt: .max) == .park(transient, replies: true))
    #expect(disposition(transient, attempt: -5) == .retry(after: .seconds(1), failedAttempts: -5))
  }

  @Test func noRetryThatWouldMissTheDeadline() {
    #expect(disposition(transient, deadline: now + .seconds(0.5)) == .reply(transient))
    #expect(disposition(transient, deadline: now + .seconds(2)) == .retry(after: .seconds(1), failedAttempts: 1))
  }

  @Test func aBegunStreamEndsWithTheError() {
    #expect(disposition(transient, audio: true) == .reply(transient))
  }

  @Test func withoutDelaysThereAreNoRetries() {
    let policy = FailurePolicy(maxAttempts: 9, retryDelays: [])
    #expect(
      policy.disposition(of: transient, attempt: 1, hasReplyTo: true, deadline: nil, now: now)
        == .park(transient, replies: true))
  }
}
