import SpeechCore

/// The treatment of a message that the broker dead-lettered from a queue of the service.
enum DeadLetterDecision: Sendable, Equatable {
  /// The answer settles the request; nothing is kept.
  case end(SpeechError, SkipReason?)
  /// A person must look at the message, so it is kept in `tts.dead`, with the error. The requester is answered if
  /// `answers`.
  case keep(SpeechError, answers: Bool)

  /// A pure function of the newest death and of the message's properties.
  /// - Parameters:
  ///   - death: nil for a message that a client published to the queue of the service.
  ///   - deliveries: the number of deliveries that the broker allows.
  init(_ death: MessageDeath?, hasReplyTo: Bool, deliveries: Int) {
    guard let death else {
      let error = SpeechError(.invalidRequest, "this queue is the service's own; requests go to other queues")
      self = .keep(error, answers: false)
      return
    }
    switch death.reason {
    case "expired":
      self = .end(SpeechError(.deadlineExceeded, "the request expired in its queue"), .deadline)
    case "delivery_limit":
      let error = SpeechError(
        .workerLost, "\(deliveries) times a worker received the request and ended, or lost its connection")
      self = .keep(error, answers: hasReplyTo)
    case "maxlen":
      let error = SpeechError(.overloaded, "the queue was full and the broker removed the request; try again later")
      self = hasReplyTo ? .end(error, nil) : .keep(error, answers: false)
    default:
      let error = SpeechError(.internal, "the broker dead-lettered the request: \(death.reason.prefix(100))")
      self = .keep(error, answers: hasReplyTo)
    }
  }

  var error: SpeechError {
    switch self {
    case .end(let error, _), .keep(let error, _): error
    }
  }
}
