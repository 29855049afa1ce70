/// The state of the consumer: running → draining → stopped, and between whiles clearing → alone, for suspects. A value
/// without I/O, clock or tasks: each event changes the state and returns the actions to perform.
struct ConsumerStateMachine: Sendable, Equatable {
  enum Phase: Sendable, Equatable {
    case running
    /// There are suspects. The accepted requests finish, and no new ones are consumed.
    case clearing(isConsuming: Bool)
    /// The suspects run, one after the other, while no other request is unsettled.
    case alone
    /// Running requests finish. Deliveries arrive until every consumer is cancelled, and are accepted until then.
    case draining(isConsuming: Bool)
    case stopped
  }

  /// The kind of a delivery.
  enum Kind: Sendable, Equatable {
    /// A request for speech. It is not accepted while suspects run.
    case request
    /// A suspect, or a delivery of another queue.
    case other
  }

  enum Event: Sendable, Equatable {
    /// An accepted delivery was settled.
    case settled(Kind)
    /// Suspects wait, and no other worker runs them.
    case suspectsFound
    /// The consumer of requests is cancelled.
    case consumingPaused
    /// No suspect is left, or they can't run now.
    case suspectsDone
    case drainRequested
    /// Every consumer is cancelled, and the waiting requests are returned.
    case consumingStopped
    /// The time of ``Action/startTimer(_:)`` is over.
    case timeEnded(Timer)
    case stopRequested
    /// The connections have ended.
    case ended
  }

  enum Action: Sendable, Equatable {
    /// Cancel the consumer of requests, then report ``Event/consumingPaused``.
    case pauseConsuming
    /// Run the suspects, then report ``Event/suspectsDone``.
    case runSuspects
    /// Start the consumer of requests again.
    case resumeConsuming
    /// Cancel the consumers and return the waiting requests, then report ``Event/consumingStopped``.
    case stopConsuming
    case startTimer(Timer)
    /// Stop the running requests; each one is returned.
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
  /// Those of the kind `request`.
  private(set) var unsettledRequestCount = 0

  /// Whether a delivery is accepted, or a waiting one may start. If not, it is returned.
  func accepts(_ kind: Kind) -> Bool {
    switch phase {
    case .running, .clearing, .draining(isConsuming: true): true
    case .alone: kind != .request
    case .draining, .stopped: false
    }
  }

  /// Counts a delivery, and returns whether it is accepted.
  mutating func received(_ kind: Kind) -> Bool {
    guard accepts(kind) else { return false }
    unsettledCount += 1
    if kind == .request { unsettledRequestCount += 1 }
    return true
  }

  mutating func handle(_ event: Event) -> [Action] {
    switch (event, phase) {
    case (.settled(let kind), _):
      unsettledCount -= 1
      if kind == .request { unsettledRequestCount -= 1 }
      return actionsWhenSettled()
    case (.suspectsFound, .running):
      phase = .clearing(isConsuming: true)
      return [.pauseConsuming]
    case (.consumingPaused, .clearing):
      phase = .clearing(isConsuming: false)
      return actionsWhenSettled()
    case (.suspectsDone, .clearing), (.suspectsDone, .alone):
      phase = .running
      return [.resumeConsuming]
    case (.drainRequested, .running), (.drainRequested, .clearing), (.drainRequested, .alone):
      phase = .draining(isConsuming: true)
      return [.startTimer(.drain), .stopConsuming]
    case (.consumingStopped, .draining):
      phase = .draining(isConsuming: false)
      return actionsWhenSettled()
    case (.timeEnded(.drain), .draining): return [.stopWork, .startTimer(.settlement)]
    case (.timeEnded(.settlement), .draining):
      phase = .stopped
      return [.finish]
    case (.stopRequested, let phase) where phase != .stopped:
      self.phase = .stopped
      return [.stopWork, .finish]
    case (.ended, _):
      phase = .stopped
      return []
    default: return []
    }
  }

  private mutating func actionsWhenSettled() -> [Action] {
    switch phase {
    case .draining(isConsuming: false) where unsettledCount == 0:
      phase = .stopped
      return [.finish]
    case .clearing(isConsuming: false) where unsettledRequestCount == 0:
      phase = .alone
      return [.runSuspects]
    default: return []
    }
  }
}
