import AMQPAdapter
import Downloads
import SQLiteStorage
import SpeechCore
import Synchronization

/// The state that the HTTP adapter reads while the service starts, runs and stops. It answers from memory.
final class ServiceState: HealthSource {
  typealias Provisioning = ServiceProvisioning<[FileIdentity?]>

  private struct State {
    var provisioning: Provisioning
    var database: SpeechDatabase?
    var bus: (@Sendable () -> AMQPState)?
  }

  private let state: Mutex<State>

  init(policy: StartPolicy) {
    state = Mutex(State(provisioning: Provisioning(policy: policy)))
  }

  /// Passes an event to the provisioning and returns its result, such as the next action.
  func note<Result: Sendable>(_ event: (inout Provisioning) -> Result) -> Result {
    state.withLock { event(&$0.provisioning) }
  }

  func set(_ database: SpeechDatabase) { state.withLock { $0.database = database } }
  func watch(_ bus: @escaping @Sendable () -> AMQPState) { state.withLock { $0.bus = bus } }

  /// Nil before it was opened.
  var database: SpeechDatabase? { state.withLock(\.database) }
  /// The bus's gauges; nil before the consumer was started.
  var bus: AMQPState? { state.withLock(\.bus)?() }
  /// The begin of the graceful shutdown; nil before.
  var drainBegin: ContinuousClock.Instant? {
    if case .draining(let begin) = state.withLock(\.provisioning.phase) { begin } else { nil }
  }

  var health: HealthReport {
    let state = state.withLock { $0 }
    return state.provisioning.health(broker: state.bus?().connection)
  }
}
