import SpeechCore

/// The treatment of a failed request.
enum Disposition: Sendable, Equatable {
  /// Send an error reply. It settles the request.
  case reply(SpeechError)
  /// Send the request to a retry queue for another attempt.
  case retry(after: Duration, failedAttempts: Int)
  /// Settle the request without a reply. There is no requester, and a person need not look at it.
  case drop(SpeechError)
  /// Dead-letter the request, and with `replies` send an error reply too.
  case park(SpeechError, replies: Bool)
}

/// Decides how a failed request is treated: a pure function of the error, the attempt and the request's properties.
struct FailurePolicy: Sendable, Equatable {
  var maxAttempts: Int
  var retryDelays: [Duration]

  func disposition(
    of error: SpeechError, attempt: Int, hasReplyTo: Bool, deadline: ContinuousClock.Instant?,
    now: ContinuousClock.Instant, audioWasSent: Bool = false
  ) -> Disposition {
    // Part of the stream was sent already. A second attempt would repeat it, so the stream ends with the error.
    if audioWasSent, hasReplyTo { return .reply(error) }
    guard error.isRetryable else {
      if hasReplyTo { return .reply(error) }
      return [.deadlineExceeded, .cancelled].contains(error.code) ? .drop(error) : .park(error, replies: false)
    }
    guard attempt < maxAttempts, let delay = delay(after: attempt) else {
      return .park(error, replies: hasReplyTo)
    }
    if let deadline, now + delay >= deadline, hasReplyTo { return .reply(error) }
    return .retry(after: delay, failedAttempts: attempt)
  }

  private func delay(after attempt: Int) -> Duration? {
    retryDelays.isEmpty ? nil : retryDelays[min(max(attempt, 1), retryDelays.count) - 1]
  }
}
