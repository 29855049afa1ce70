/// How the service is, in one word and per part.
public struct HealthReport: Sendable, Equatable, Codable {
  /// The state in one word. Only `ok` takes requests.
  public enum Status: String, Sendable, Codable {
    case ok, starting, draining, unavailable
  }

  /// The state of the whole service.
  public var status: Status
  /// Each part and its state, such as `"broker": "connected"`, `"model": "loading"`.
  public var components: [String: String]
  /// The version of the program; nil in answers of earlier ones.
  public var version: String? = Release.version
  /// The commit of the program, if its build names one.
  public var commit = Release.commit

  public init(status: Status, components: [String: String] = [:]) {
    self.status = status
    self.components = components
  }

  /// Whether requests can be served now.
  public var isReady: Bool { status == .ok }
}

/// Answers at once, from memory: health checks must not wait for the engine, the broker or the disk.
public protocol HealthSource: Sendable {
  /// The present state.
  var health: HealthReport { get }
}
