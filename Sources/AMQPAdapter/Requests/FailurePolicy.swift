import Foundation
import SpeechCore

/// What happens to a request that failed.
enum Disposition: Sendable, Equatable {
  /// The requester is told; that settles it.
  case reply(SpeechError)
  /// It waits, then is tried again.
  case retry(after: Duration, failedAttempts: Int)
  /// It goes to the dead letters; the requester, if there is one, is told too.
  case park(SpeechError, replies: Bool)
}

/// Decides about failures: a pure function of the error, the attempt and what the request asked for.
struct FailurePolicy: Sendable, Equatable {
  var maxAttempts: Int
  var retryDelays: [Duration]

  func disposition(
    of error: SpeechError, attempt: Int, hasReplyTo: Bool, deadline: Date?, now: Date, audioWasSent: Bool = false
  ) -> Disposition {
    // Part of a stream is out: a second attempt would repeat it, so the stream ends with the error.
    if audioWasSent, hasReplyTo { return .reply(error) }
    guard error.isRetryable else {
      return hasReplyTo ? .reply(error) : .park(error, replies: false)
    }
    guard attempt < maxAttempts, let delay = delay(after: attempt) else {
      return .park(error, replies: hasReplyTo)
    }
    if let deadline, now.addingTimeInterval(delay.seconds) >= deadline, hasReplyTo { return .reply(error) }
    return .retry(after: delay, failedAttempts: attempt)
  }

  private func delay(after attempt: Int) -> Duration? {
    retryDelays.isEmpty ? nil : retryDelays[min(max(attempt, 1), retryDelays.count) - 1]
  }
}
