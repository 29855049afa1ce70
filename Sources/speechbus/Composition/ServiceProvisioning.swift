import AMQPAdapter
import SpeechCore

/// Decides each step of a start and a stop: broker, database, model files, download, load, serving, drain. It performs
/// no action itself: each event returns the next action.
/// - `Files` identifies the model's files, so that files that did not load are loaded again when they change.
struct ServiceProvisioning<Files: Equatable & Sendable>: Sendable {
  enum Action: Sendable, Equatable {
    case probeBroker, openDatabase, findModel, loadModel, serve
    /// `reason` is nil when an earlier action had the same one.
    case downloadModel(reason: String?)
    /// Wait, then report ``ServiceProvisioning/waited()``. `reason` as above.
    case wait(Duration, for: StartPolicy.Part, reason: String?)
    /// Stop: with an error message after a failure, with nil after a graceful shutdown.
    case finish(failure: String?)
  }

  enum Phase: Sendable, Equatable {
    case broker, database, model, load, ready, stopped
    /// The downloaded fraction, 0 to 1; nil before the first bytes.
    case download(fraction: Double?)
    case draining(since: ContinuousClock.Instant)
  }

  /// The time between two looks at a missing part.
  static var pause: Duration { .seconds(2) }
  /// The delays between downloads, and between loads of the same files.
  static var backOff: RetryBackoff { RetryBackoff(initial: .seconds(5), maximum: .seconds(300)) }

  /// The failed attempts of one operation.
  private struct Failures {
    private var count = 0
    private var last: (reason: String, nextAttempt: ContinuousClock.Instant)?

    /// The last failure while the next attempt is too early.
    func reason(at now: ContinuousClock.Instant) -> String? {
      last.flatMap { now < $0.nextAttempt ? $0.reason : nil }
    }

    mutating func add(_ reason: String, at now: ContinuousClock.Instant, jitter: Double) {
      last = (reason, now + backOff.delay(attempt: count, jitter: jitter))
      count += 1
    }
  }

  private enum ModelProblem: String {
    case missing, unusable
  }

  private(set) var phase = Phase.broker
  private let policy: StartPolicy
  private var isDatabaseMissing = false
  private var isModelLoaded = false
  private var modelProblem: ModelProblem?
  private var downloads = Failures()
  private var loads = Failures()
  private var files: Files?
  private var incompleteReason: String?
  private var waitReason: String?

  init(policy: StartPolicy) {
    self.policy = policy
  }

  // MARK: Start

  mutating func start() -> Action {
    policy.waits(for: .broker) ? next(.database, .openDatabase) : next(.broker, .probeBroker)
  }

  mutating func brokerAnswered() -> Action { next(.database, .openDatabase) }
  mutating func brokerFailed(_ reason: String) -> Action { failed(.broker, reason) }

  mutating func databaseOpened() -> Action {
    isDatabaseMissing = false
    return next(.model, .findModel)
  }

  /// - Parameter isPermanent: the file exists and is wrong, so that waiting does not help.
  mutating func databaseFailed(_ reason: String, isPermanent: Bool) -> Action {
    isDatabaseMissing = true
    return isPermanent ? finish(reason) : failed(.database, reason)
  }

  /// All files of the model were found.
  mutating func modelFound(_ files: Files, at now: ContinuousClock.Instant) -> Action {
    if files != self.files {
      self.files = files
      loads = Failures()
    } else if let reason = loads.reason(at: now) {
      return failed(.model, reason)
    }
    return next(.load, .loadModel)
  }

  /// Files of the model are missing.
  mutating func modelIncomplete(_ reason: String, at now: ContinuousClock.Instant) -> Action {
    modelProblem = .missing
    if let reason = downloads.reason(at: now) { return failed(.model, reason) }
    defer { incompleteReason = reason }
    return next(.download(fraction: nil), .downloadModel(reason: reason == incompleteReason ? nil : reason))
  }

  /// - Parameter fraction: 0 to 1; nil while the size is unknown.
  mutating func downloading(_ fraction: Double?) {
    if case .download = phase { phase = .download(fraction: fraction ?? 0) }
  }

  mutating func downloaded() -> Action { next(.model, .findModel) }

  /// - Parameter jitter: a random number in 0..<1.
  mutating func downloadFailed(_ reason: String, at now: ContinuousClock.Instant, jitter: Double) -> Action {
    downloads.add(reason, at: now, jitter: jitter)
    _ = next(.model, .findModel)
    return failed(.model, reason)
  }

  mutating func loadFailed(_ reason: String, at now: ContinuousClock.Instant, jitter: Double) -> Action {
    loads.add(reason, at: now, jitter: jitter)
    modelProblem = .unusable
    _ = next(.model, .findModel)
    return failed(.model, reason)
  }

  mutating func loaded() -> Action {
    isModelLoaded = true
    return next(.ready, .serve)
  }

  /// The pause is over.
  mutating func waited() -> Action {
    phase == .database ? next(.database, .openDatabase) : next(.model, .findModel)
  }

  // MARK: Stop

  /// A graceful shutdown has begun. The action in progress ends, and its event returns `finish`.
  mutating func stop(at now: ContinuousClock.Instant) {
    if !isStopping { phase = .draining(since: now) }
  }

  /// Serving has ended.
  mutating func stopped() -> Action {
    phase = .stopped
    return .finish(failure: nil)
  }

  private var isStopping: Bool {
    if case .draining = phase { true } else { phase == .stopped }
  }

  private mutating func next(_ phase: Phase, _ action: Action) -> Action {
    guard !isStopping else { return stopped() }
    self.phase = phase
    return action
  }

  private mutating func failed(_ part: StartPolicy.Part, _ reason: String) -> Action {
    guard !isStopping else { return stopped() }
    guard policy.waits(for: part) else { return finish(reason) }
    defer { waitReason = reason }
    return .wait(Self.pause, for: part, reason: reason == waitReason ? nil : reason)
  }

  private mutating func finish(_ failure: String) -> Action {
    guard !isStopping else { return stopped() }
    phase = .stopped
    return .finish(failure: failure)
  }

  // MARK: Health

  /// - Parameter broker: nil before the consumer was started.
  func health(broker: AMQPState.Connection?) -> HealthReport {
    let broker = broker ?? .connecting
    let status: HealthReport.Status =
      switch (phase, broker) {
      case (.draining, _), (.stopped, _), (.ready, .draining), (.ready, .stopped): .draining
      case (.ready, .connected): .ok
      case (.ready, _): .unavailable
      default: .starting
      }
    var components = [
      "model": modelState, "broker": broker.rawValue, "database": isDatabaseMissing ? "missing" : "open",
    ]
    if case .download(let fraction?) = phase { components["download"] = "\(Int(fraction * 100)) %" }
    return HealthReport(status: status, components: components)
  }

  private var modelState: String {
    switch phase {
    case .broker, .database, .load: "loading"
    case .model: modelProblem?.rawValue ?? "loading"
    case .download(let fraction): fraction == nil ? "missing" : "downloading"
    case .ready: "ready"
    case .draining: isModelLoaded ? "ready" : "stopped"
    case .stopped: "stopped"
    }
  }
}
