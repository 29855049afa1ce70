import AMQPAdapter
import Downloads
import SQLiteStorage
import SpeechCore
import SpeechService
import Synchronization

/// The state that the HTTP adapter reads while the service starts, runs and stops. It answers from memory.
final class ServiceState: HealthSource {
  typealias Provisioning = ServiceProvisioning<[FileIdentity?]>

  private struct State {
    var provisioning: Provisioning
    var database: SpeechDatabase?
    var bus: AMQPConsumerService?
    var voiceLog: VoiceLogStatus?
    var key: String?
    var isMoved = false
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
  func watch(_ bus: AMQPConsumerService) { state.withLock { $0.bus = bus } }

  func watch(_ voiceLog: VoiceLogStatus) { state.withLock { $0.voiceLog = voiceLog } }

  /// Nil before it was opened.
  var database: SpeechDatabase? { state.withLock(\.database) }
  /// The bus's gauges; nil before the consumer was started.
  var bus: AMQPState? { state.withLock(\.bus)?.currentState }
  /// The broker's queues; nil before the consumer was started.
  var queues: (any QueueOperations)? { state.withLock(\.bus)?.queues }
  /// The begin of the graceful shutdown; nil before.
  var drainBegin: ContinuousClock.Instant? {
    if case .draining(let begin) = state.withLock(\.provisioning.phase) { begin } else { nil }
  }

  var health: HealthReport {
    let state = state.withLock { $0 }
    var report = state.provisioning.health(broker: state.bus?.currentState.connection)
    report.components["key"] = state.key
    report.components["voice_log"] = state.voiceLog?.description
    if state.isMoved {
      report.components["database"] = "moved"
      if report.status == .ok { report.status = .unavailable }
    }
    return report
  }

  /// Looks at the files of the database and the keys, until cancelled. Health checks must not wait for the disk.
  func watchFiles() async {
    while !Task.isCancelled {
      let (database, voiceLog) = state.withLock { ($0.database, $0.voiceLog) }
      if let database {
        let (key, isMoved) = (Self.key(database, voiceLog), !database.isInPlace)
        state.withLock { ($0.key, $0.isMoved) = (key, isMoved) }
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// The id of the signing key, and that of another replica if they differ.
  private static func key(_ database: SpeechDatabase, _ voiceLog: VoiceLogStatus?) -> String {
    let id = database.keyFile.ring.current.id
    return voiceLog?.otherKey.map { "\(id), but another replica has key \($0)" } ?? id
  }
}
