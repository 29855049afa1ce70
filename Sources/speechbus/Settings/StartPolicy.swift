/// The missing parts that a start waits for (SPEECHBUS_START).
enum StartPolicy: String, CaseIterable, Sendable {
  /// Waits for the broker; a missing database or model counts as a mistake and ends the start.
  case auto
  /// Waits for everything.
  case wait
  /// Waits for nothing.
  case exit

  /// The parts that a start needs.
  enum Part: String, Sendable {
    case broker, database, model
  }

  func waits(for part: Part) -> Bool {
    switch self {
    case .auto: part == .broker
    case .wait: true
    case .exit: false
    }
  }
}
