import AMQPAdapter
import SpeechCore
import Synchronization

/// The service's health, told from memory.
final class ServiceHealth: HealthSource {
  enum Model: String, Sendable {
    case downloading, loading, ready, stopped
    /// Not found; waited for.
    case missing
    /// Found, but it does not load; other files are waited for.
    case unusable
  }

  enum Database: String, Sendable {
    case open, missing
  }

  private struct State {
    var model = Model.loading
    var database = Database.open
    /// Of the download, 0 to 1; nil while nobody knows.
    var progress: Double?
    var bus: (@Sendable () -> AMQPState)?
  }

  private let state = Mutex(State())

  func set(_ model: Model) { state.withLock { $0.model = model } }
  func set(database: Database) { state.withLock { $0.database = database } }
  func set(progress: Double?) { state.withLock { $0.progress = progress } }
  func watch(_ bus: @escaping @Sendable () -> AMQPState) { state.withLock { $0.bus = bus } }

  /// The bus's gauges; nil before it was started.
  var bus: AMQPState? { state.withLock(\.bus)?() }

  var health: HealthReport {
    let state = state.withLock { $0 }
    let broker = state.bus?().connection ?? .connecting
    let status: HealthReport.Status =
      switch (state.model, broker) {
      case (.loading, _), (.downloading, _), (.missing, _), (.unusable, _): .starting
      case (.stopped, _), (_, .draining), (_, .stopped): .draining
      case (.ready, .connected): .ok
      case (.ready, .connecting), (.ready, .blocked): .unavailable
      }
    var components = [
      "model": state.model.rawValue, "broker": broker.rawValue, "database": state.database.rawValue,
    ]
    if state.model == .downloading, let progress = state.progress {
      components["download"] = "\(Int(progress * 100)) %"
    }
    return HealthReport(status: status, components: components)
  }
}
