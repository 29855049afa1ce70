import SpeechCore

extension RetryBackoff {
  /// The back-off of connections to the broker. A short maximum detects the return of a broker soon, and the jitter
  /// spreads many clients over a longer time than the broker needs to accept them (docs/sizing.md has the arithmetic).
  public static let broker = RetryBackoff(initial: .milliseconds(250), maximum: .seconds(3))
}

/// Decides the next action of a recovering connection. It performs no action itself.
struct RecoveryStateMachine: Sendable {
  enum Action: Sendable, Equatable {
    /// Connect to the endpoint of this index.
    case connect(endpoint: Int)
    /// Wait, then report ``RecoveryStateMachine/waited()``.
    case wait(Duration)
    /// Stop: with the error after a failure, with nil after ``RecoveryStateMachine/stop()``.
    case finish(RabbitMQError?)
    case none
  }

  enum State: Sendable, Equatable {
    case idle
    case connecting(endpoint: Int, failuresThisRound: Int)
    case open(endpoint: Int)
    case waiting(endpoint: Int)
    case finished
  }

  /// A connection that lasted this long resets the back-off.
  static let lastingConnection = Duration.seconds(10)

  private(set) var state = State.idle
  private let endpointCount: Int
  private let backOff: RetryBackoff
  private var attempt = 0
  private var wasOpen = false

  init(endpointCount: Int, backOff: RetryBackoff = .broker) {
    self.endpointCount = max(1, endpointCount)
    self.backOff = backOff
  }

  /// Begins to connect, at the first endpoint.
  mutating func start() -> Action {
    guard state == .idle else { return .none }
    return connect(to: 0, failuresThisRound: 0)
  }

  /// The attempt to connect succeeded.
  mutating func connected() -> Action {
    guard case .connecting(let endpoint, _) = state else { return .none }
    state = .open(endpoint: endpoint)
    wasOpen = true
    return .none
  }

  /// The attempt to connect failed. The other endpoints are tried immediately; after the last one, a pause follows.
  ///
  /// A refusal before the first success is final: the user, password or virtual host is wrong.
  mutating func failed(_ error: RabbitMQError, random: Double) -> Action {
    guard case .connecting(let endpoint, let failures) = state else { return .none }
    if !error.isRetriable, !wasOpen {
      state = .finished
      return .finish(error)
    }
    let next = (endpoint + 1) % endpointCount
    if failures + 1 < endpointCount { return connect(to: next, failuresThisRound: failures + 1) }
    return pause(before: next, random: random)
  }

  /// The open connection was lost.
  mutating func lost(after uptime: Duration, random: Double) -> Action {
    guard case .open(let endpoint) = state else { return .none }
    if uptime >= Self.lastingConnection { attempt = 0 }
    return pause(before: endpoint, random: random)
  }

  /// The pause is over.
  mutating func waited() -> Action {
    guard case .waiting(let endpoint) = state else { return .none }
    return connect(to: endpoint, failuresThisRound: 0)
  }

  /// The task was cancelled.
  mutating func stop() -> Action {
    guard state != .finished else { return .none }
    state = .finished
    return .finish(nil)
  }

  private mutating func connect(to endpoint: Int, failuresThisRound: Int) -> Action {
    state = .connecting(endpoint: endpoint, failuresThisRound: failuresThisRound)
    return .connect(endpoint: endpoint)
  }

  private mutating func pause(before endpoint: Int, random: Double) -> Action {
    state = .waiting(endpoint: endpoint)
    defer { attempt += 1 }
    return .wait(backOff.delay(attempt: attempt, jitter: random))
  }
}
