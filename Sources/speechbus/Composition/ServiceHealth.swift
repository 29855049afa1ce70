import AMQPAdapter
import SpeechCore
import Synchronization

/// The service's health, told from memory.
final class ServiceHealth: HealthSource {
  enum Model: String, Sendable {
    case loading, ready, stopped
    /// Not found; waited for.
    case missing
  }

  enum Database: String, Sendable {
    case open, missing
  }

  private struct State {
    var model = Model.loading
    var database = Database.open
    var bus: (@Sendable () -> AMQPState)?
  }

  private let state = Mutex(State())

  func set(_ model: Model) { state.withLock { $0.model = model } }
  func set(database: Database) { state.withLock { $0.database = database } }
  func watch(_ bus: @escaping @Sendable () -> AMQPState) { state.withLock { $0.bus = bus } }

  /// The bus's gauges; nil before it was started.
  var bus: AMQPState? { state.withLock(\.bus)?() }

  var health: HealthReport {
    let (model, database, bus) = state.withLock { ($0.model, $0.database, $0.bus?()) }
    let broker = bus?.connection ?? .connecting
    let status: HealthReport.Status =
      switch (model, broker) {
      case (.loading, _), (.missing, _): .starting
      case (.stopped, _), (_, .draining), (_, .stopped): .draining
      case (.ready, .connected): .ok
      case (.ready, .connecting), (.ready, .blocked): .unavailable
      }
    return HealthReport(
      status: status,
      components: ["model": model.rawValue, "broker": broker.rawValue, "database": database.rawValue])
  }
}
