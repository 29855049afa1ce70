/// How long to wait between attempts to connect. At most a few seconds: a broker that is back is noticed soon, and the
/// jitter spreads many clients over longer than it takes to let them in (docs/sizing.md has the arithmetic).
public struct BackOff: Sendable, Equatable {
  public var initial: Duration
  public var maximum: Duration

  public init(initial: Duration = .milliseconds(250), maximum: Duration = .seconds(3)) {
    self.initial = initial
    self.maximum = maximum
  }

  /// Doubles with each attempt (counted from 0) up to the maximum; jitter takes off up to half.
  /// - Parameter random: in 0..<1.
  public func delay(attempt: Int, random: Double) -> Duration {
    let doublings = min(max(attempt, 0), 30)
    let full = min(maximum, initial * (1 << doublings))
    return full * (1 - 0.5 * min(max(random, 0), 1))
  }
}

/// Decides what a connection that recovers does next. Performs nothing itself.
public struct RecoveryStateMachine: Sendable {
  public enum Action: Sendable, Equatable {
    /// Connect to the endpoint of this index.
    case connect(endpoint: Int)
    /// Wait, then report ``RecoveryStateMachine/waited()``.
    case wait(Duration)
    /// Give up, or done; the error is nil after a stop.
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

  /// A connection that lasted this long starts the next back-off from the beginning.
  static let lastingConnection = Duration.seconds(10)

  private(set) var state = State.idle
  private let endpointCount: Int
  private let backOff: BackOff
  private var attempt = 0
  private var wasOpen = false

  public init(endpointCount: Int, backOff: BackOff = BackOff()) {
    self.endpointCount = max(1, endpointCount)
    self.backOff = backOff
  }

  public mutating func start() -> Action {
    guard state == .idle else { return .none }
    return connect(to: 0, failuresThisRound: 0)
  }

  public mutating func connected() -> Action {
    guard case .connecting(let endpoint, _) = state else { return .none }
    state = .open(endpoint: endpoint)
    wasOpen = true
    return .none
  }

  /// The attempt to connect failed. The other endpoints are tried at once, then all again after a pause.
  ///
  /// A refusal before the first success is final: user, password or virtual host are wrong.
  public mutating func failed(_ error: RabbitMQError, random: Double) -> Action {
    guard case .connecting(let endpoint, let failures) = state else { return .none }
    if !error.isRetriable, !wasOpen {
      state = .finished
      return .finish(error)
    }
    let next = (endpoint + 1) % endpointCount
    if failures + 1 < endpointCount { return connect(to: next, failuresThisRound: failures + 1) }
    return pause(before: next, random: random)
  }

  /// The open connection is gone.
  public mutating func lost(after uptime: Duration, random: Double) -> Action {
    guard case .open(let endpoint) = state else { return .none }
    if uptime >= Self.lastingConnection { attempt = 0 }
    return pause(before: endpoint, random: random)
  }

  public mutating func waited() -> Action {
    guard case .waiting(let endpoint) = state else { return .none }
    return connect(to: endpoint, failuresThisRound: 0)
  }

  public mutating func stop() -> Action {
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
    return .wait(backOff.delay(attempt: attempt, random: random))
  }
}
