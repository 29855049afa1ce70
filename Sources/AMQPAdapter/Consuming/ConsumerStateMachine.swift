/// The state of the consumer: running → draining → stopped. A value without I/O, clock or tasks: each event changes the
/// state and returns the actions to perform.
struct ConsumerStateMachine: Sendable, Equatable {
  enum Phase: Sendable, Equatable {
    case running
    /// Running requests finish. Deliveries arrive until every consumer is cancelled, and are accepted until then.
    case draining(isConsuming: Bool)
    case stopped
  }

  enum Event: Sendable, Equatable {
    /// An accepted delivery was settled.
    case settled
    case drainRequested
    /// Every consumer is cancelled, and the waiting requests are requeued.
    case consumingStopped
    /// The time of ``Action/startTimer(_:)`` is over.
    case timeEnded(Timer)
    case stopRequested
    /// The connections have ended.
    case ended
  }

  enum Action: Sendable, Equatable {
    /// Cancel the consumers and requeue the waiting requests, then report ``Event/consumingStopped``.
    case stopConsuming
    case startTimer(Timer)
    /// Stop the running requests; each one is requeued.
    case stopWork
    /// Close the connections.
    case finish
  }

  enum Timer: Sendable, Equatable {
    /// The time that running requests have to finish.
    case drain
    /// The time to settle the stopped requests. Replies that can't be published must not delay the stop further.
    case settlement
  }

  private(set) var phase = Phase.running
  /// The accepted deliveries that are not settled.
  private(set) var unsettledCount = 0

  /// Whether a delivery is accepted, or a waiting request may start. If not, it is requeued.
  var acceptsWork: Bool {
    switch phase {
    case .running, .draining(isConsuming: true): true
    case .draining, .stopped: false
    }
  }

  /// Counts a delivery, and returns whether it is accepted.
  mutating func received() -> Bool {
    guard acceptsWork else { return false }
    unsettledCount += 1
    return true
  }

  mutating func handle(_ event: Event) -> [Action] {
    switch (event, phase) {
    case (.settled, _):
      unsettledCount -= 1
      return finishIfDrained()
    case (.drainRequested, .running):
      phase = .draining(isConsuming: true)
      return [.startTimer(.drain), .stopConsuming]
    case (.consumingStopped, .draining):
      phase = .draining(isConsuming: false)
      return finishIfDrained()
    case (.timeEnded(.drain), .draining): return [.stopWork, .startTimer(.settlement)]
    case (.timeEnded(.settlement), .draining):
      phase = .stopped
      return [.finish]
    case (.stopRequested, .running), (.stopRequested, .draining):
      phase = .stopped
      return [.stopWork, .finish]
    case (.ended, _):
      phase = .stopped
      return []
    default: return []
    }
  }

  private mutating func finishIfDrained() -> [Action] {
    guard phase == .draining(isConsuming: false), unsettledCount == 0 else { return [] }
    phase = .stopped
    return [.finish]
  }
}
